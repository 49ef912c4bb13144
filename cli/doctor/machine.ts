import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { isRecord, textOf } from "../../provider/engine/inputs";
import { PowerLedger } from "../../provider/utho/powerledger";
import { packageVersion } from "../package-version";
import type { PulumiCli } from "../stack/pulumi-cli";
import { Check, type Finding } from "./finding";

const OLDEST_NODE = 20;
const OLDEST_PULUMI = [3, 215, 0] as const;
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

/** PATH, and where the CLI really lies: it looks for its parts in both. */
function foldersOf(env: NodeJS.ProcessEnv): string[] {
  const path = (env.PATH ?? env.Path ?? "").split(delimiter).filter((folder) => folder !== "");
  const cli = path
    .flatMap((folder) => ENDINGS.map((ending) => join(folder, `pulumi${ending}`)))
    .find((file) => existsSync(file));
  return cli === undefined ? path : [...path, dirname(realpathSync(cli))];
}

/** The SDK and this package, as the program's folder resolves them, which is what the engine's plugin does too. */
export function checkPackages(folder: string): Finding[] {
  const fromProgram = createRequire(join(resolve(folder), "program.js"));
  const sdk = locate(fromProgram, "@pulumi/pulumi/package.json");
  return [checkOurselves(fromProgram), checkSdk(sdk), checkCopies(fromProgram, sdk)];
}

interface Located {
  file: string;
  version: string;
}

function checkOurselves(fromProgram: NodeJS.Require): Finding {
  const check = new Check("package", "pulumi-utho");
  const found = locate(fromProgram, "pulumi-utho/package.json");
  if (found === undefined || !resolves(fromProgram, "pulumi-utho/provider")) {
    return check.problem(
      "it cannot be resolved from the program's folder, so the engine could not load the provider",
      "run this in the folder of the program (or give it by --cwd), and install the package there.",
    );
  }
  const mine = packageVersion();
  if (found.version === mine) return check.ok(mine);
  return check.warning(
    `the program has ${found.version}, this command is ${mine}`,
    "run the program's own: npx pulumi-utho.",
  );
}

function checkSdk(sdk: Located | undefined): Finding {
  const check = new Check("sdk", "@pulumi/pulumi");
  if (sdk === undefined)
    return check.problem("it cannot be resolved from the program's folder", "npm install @pulumi/pulumi");
  if (isOld(sdk.version) || !sdk.version.startsWith("3.")) {
    return check.problem(
      `${sdk.version} is not supported`,
      `install ${OLDEST_PULUMI.join(".")} or newer, below 4.`,
    );
  }
  return check.ok(sdk.version);
}

function checkCopies(fromProgram: NodeJS.Require, sdk: Located | undefined): Finding {
  const check = new Check("sdk-copies", "Copies of @pulumi/pulumi");
  const ours = locate(fromProgram, "pulumi-utho/package.json");
  const theirs = ours && locate(createRequire(realpathSync(ours.file)), "@pulumi/pulumi/package.json");
  if (sdk === undefined || theirs === undefined) return check.skipped("one of the packages is missing");
  if (realpathSync(sdk.file) === realpathSync(theirs.file)) return check.ok("one");
  return check.problem(
    `two: the program has ${sdk.version}, pulumi-utho ${theirs.version}; resources would be registered with one and awaited by the other`,
    "run `npm dedupe`, or install one version of @pulumi/pulumi for all (`npm ls @pulumi/pulumi` shows them).",
  );
}

function locate(from: NodeJS.Require, file: string): Located | undefined {
  try {
    const path = from.resolve(file);
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    return { file: path, version: (isRecord(manifest) && textOf(manifest, "version")) || "unknown" };
  } catch {
    return undefined;
  }
}

function resolves(from: NodeJS.Require, name: string): boolean {
  try {
    from.resolve(name);
    return true;
  } catch {
    return false;
  }
}

function isOld(version: string): boolean {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10));
  for (const [index, oldest] of OLDEST_PULUMI.entries()) {
    const part = parts[index] ?? 0;
    if (part !== oldest) return part < oldest;
  }
  return false;
}

/** Servers that a killed run has switched off and nobody has switched on again. */
export async function checkPowerNotes(env: NodeJS.ProcessEnv): Promise<Finding> {
  const check = new Check("power-notes", "Servers left switched off");
  const notes = await PowerLedger.ofThisMachine(env, "").all();
  const [oldest] = notes.map(({ since }) => since).sort();
  if (oldest === undefined) return check.ok("no run on this machine left any");
  return check.warning(
    `${notes.length} by runs that did not end, the oldest since ${oldest}`,
    "if no run is active now, run `pulumi up` again on this machine: it switches them on. The servers' ids are in the files of Pulumi's home, under pulumi-utho/powered-off.",
  );
}
