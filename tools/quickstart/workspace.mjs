import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { REPOSITORY } from "./prerequisites.mjs";

/** The program that the repository's own Pulumi.yaml names. */
export const PROGRAM = "examples/quickstart";

/**
 * A folder outside the repository with everything that the Pulumi CLI writes: project file, stack settings, state,
 * its own home. The user's login, stacks and settings stay out of it, and the repository stays clean.
 * @param {string} engineBin folder of the Pulumi CLI
 */
export function createWorkspace(engineBin) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "pulumi-utho-quickstart-"));
  const [state, temporary] = [path.join(folder, "state"), path.join(folder, "tmp")];
  for (const made of [state, temporary]) mkdirSync(made);
  // JSON is YAML too, and takes any path.
  const project = { name: "quickstart", runtime: "nodejs", main: path.join(REPOSITORY, PROGRAM) };
  writeFileSync(path.join(folder, "Pulumi.yaml"), JSON.stringify(project));
  return {
    folder,
    env: environment({ folder, state, temporary, engineBin }),
    dispose: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

function environment({ folder, state, temporary, engineBin }) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|UTHO)_/i.test(name));
  const env = Object.fromEntries(inherited);
  const pathName = Object.keys(env).find((name) => name.toUpperCase() === "PATH") ?? "PATH";
  return {
    ...env,
    [pathName]: `${engineBin}${path.delimiter}${env[pathName] ?? ""}`,
    // Pulumi's language host and ts-node leave files there.
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_BACKEND_URL: pathToFileURL(state).href,
    PULUMI_CONFIG_PASSPHRASE: "quickstart",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    // Left out of every step: what the stack's outputs hold is shown as a table.
    PULUMI_OPTION_SUPPRESS_OUTPUTS: "true",
    PULUMI_OPTION_SUPPRESS_PERMALINK: "true",
  };
}
