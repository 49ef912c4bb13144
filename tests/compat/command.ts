import { spawn } from "node:child_process";
import { delimiter } from "node:path";

/** Where and how a command of a package manager or compiler runs. */
export interface CommandPlace {
  cwd: string;
  /** Folders that go before the PATH: of another Node.js, for example. */
  path?: readonly string[];
}

/** Runs a command to its end and gives its output back; its failure is an error that shows all it said. */
export function runCommand(command: string, args: readonly string[], place: CommandPlace): Promise<string> {
  const child = spawn(command, args, {
    cwd: place.cwd,
    env: cleanEnvironment(place.path ?? []),
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32",
  });
  let stdout = "";
  let all = "";
  child.stdout.on("data", (bytes: Buffer) => {
    stdout += bytes.toString();
    all += bytes.toString();
  });
  child.stderr.on("data", (bytes: Buffer) => {
    all += bytes.toString();
  });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => {
      if (code === 0) return done(stdout);
      fail(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${all}`));
    });
  });
}

/** The variables of the outer package that `npm test` hands its children; an inner npm would act on them. */
const OF_THE_OUTER_RUN =
  /^(npm_(package_|lifecycle_|command$|config_local_prefix$|config_dry_run$)|INIT_CWD$|NODE_(ENV|PATH|OPTIONS)$|VITEST)/i;

function cleanEnvironment(path: readonly string[]): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !OF_THE_OUTER_RUN.test(name));
  return { ...Object.fromEntries(kept), PATH: [...path, process.env.PATH ?? ""].join(delimiter) };
}
