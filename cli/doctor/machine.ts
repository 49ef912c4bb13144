import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { PowerLedger } from "../../provider/utho/notes";
import { findPulumi, type PulumiCli, pulumiPath } from "../stack/pulumi-cli";
import { Check, type Finding } from "./finding";
import { isOld, OLDEST_PULUMI } from "./versions";

const OLDEST_NODE = 20;
const ENDINGS = process.platform === "win32" ? [".exe", ".cmd"] : [""];

export function checkNode(): Finding {
  const check = new Check("node", "Node.js");
  const { node } = process.versions;
  if (Number.parseInt(node, 10) >= OLDEST_NODE) return check.ok(node);
  return check.problem(`${node} is too old`, `install Node.js ${OLDEST_NODE} or newer.`);
}

/** That it is there, runs, and is as new as the SDK that the package needs. */
export async function checkPulumiCli(pulumi: PulumiCli): Promise<Finding> {
  const check = new Check("pulumi-cli", "Pulumi CLI");
  const run = await pulumi.run(["version"]).catch(() => undefined);
  if (run === undefined) {
    return check.problem(
      "it could not be started",
      "install it (pulumi.com/docs/install), and check PATH and --cwd.",
    );
  }
  const version = run.stdout.trim().replace(/^v/, "");
  if (run.code !== 0 || !/^\d+\.\d+\.\d+/.test(version)) {
    return check.problem(
      `\`pulumi version\` ended with ${run.code ?? "a signal"}`,
      "run it yourself, and install it again if it fails.",
    );
  }
  if (isOld(version))
    return check.warning(
      `${version} is older than what is tested`,
      `update it to ${OLDEST_PULUMI.join(".")} or newer.`,
    );
  return check.ok(version);
}

/** The two programs by which Pulumi runs a program for Node.js and its dynamic providers. */
export function checkLanguageHost(env: NodeJS.ProcessEnv): Finding[] {
  const folders = foldersOf(env);
  return [
    ["language-host", "Node.js language host", "pulumi-language-nodejs"] as const,
    ["dynamic-plugin", "Plugin for dynamic providers", "pulumi-resource-pulumi-nodejs"] as const,
  ].map(([id, title, name]) => {
    const check = new Check(id, title);
    if (folders.some((folder) => ENDINGS.some((ending) => existsSync(join(folder, name + ending)))))
      return check.ok(name);
    return check.problem(
      `${name} is not on PATH, nor beside the Pulumi CLI`,
      "install the Pulumi CLI as a whole: its archive holds it.",
    );
  });
}

/** Where the CLI is looked for, and where it really lies: it looks for its parts in both. */
function foldersOf(env: NodeJS.ProcessEnv): string[] {
  const path = pulumiPath(env);
  const cli = findPulumi(env);
  return cli === undefined ? path : [...path, dirname(realpathSync(cli))];
}

/** Servers that a killed run has switched off and no run has switched on again. */
export async function checkPowerNotes(env: NodeJS.ProcessEnv): Promise<Finding> {
  const check = new Check("power-notes", "Servers left switched off");
  const notes = new PowerLedger(env, "").all();
  const [oldest] = notes.map(({ since }) => since).sort();
  if (oldest === undefined) return check.ok("no run on this machine left any");
  return check.warning(
    `${notes.length} by runs that did not end, the oldest since ${oldest}`,
    "if no run is active now, run `pulumi up` again on this machine: it switches them on. The servers' ids are in the files of Pulumi's home, under pulumi-utho/powered-off.",
  );
}
