import { execFile } from "node:child_process";
import { resolve } from "node:path";

const command = resolve(__dirname, "../../dist/cli/main.js");

/** How `pulumi-utho` ended. */
export interface CommandRun {
  code: number;
  out: string;
  err: string;
}

/** Runs the built command as a process, in the folder and with the environment of a stack. */
export function runCommand(
  args: readonly string[],
  where: { folder: string; env: NodeJS.ProcessEnv },
): Promise<CommandRun> {
  return new Promise((done) => {
    const options = { cwd: where.folder, env: where.env, maxBuffer: 64 * 1024 * 1024 };
    const child = execFile(process.execPath, [command, ...args], options, (_error, out, err) =>
      done({ code: child.exitCode ?? -1, out, err }),
    );
  });
}
