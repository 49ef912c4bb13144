import { Command, CommanderError } from "commander";
import { packageVersion } from "./package-version";
import { simulatorCommand } from "./simulator-command";
import { type Terminal, UsageError } from "./terminal";

const usageMistake = 2;

/** The command with all its subcommands, writing to `terminal`. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command("pulumi-utho")
    .description(
      "Snapshots of Utho cloud servers, declared in Pulumi programs: the tools around the library.",
    )
    .version(packageVersion(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command");
  // Subcommands take these over at the moment they are added, so they come first.
  program.exitOverride().configureOutput({
    writeOut: (text) => terminal.out(text.trimEnd()),
    writeErr: (text) => terminal.err(text.trimEnd()),
  });
  simulatorCommand(program, terminal);
  return program;
}

/** Runs one command line, without the names of node and script; resolves to the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    await buildProgram(terminal).parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : usageMistake;
    terminal.err(`error: ${error instanceof Error ? error.message : String(error)}`);
    return error instanceof UsageError ? usageMistake : 1;
  }
}
