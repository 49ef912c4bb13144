import { Command, CommanderError } from "commander";
import { adoptCommand } from "./adopt/command";
import { completionCommand } from "./completion/command";
import { doctorCommand } from "./doctor/command";
import { initCommand } from "./init/command";
import { packageVersion } from "./package-version";
import { pluginCommand } from "./plugin/command";
import { cloneCommand, restoreCommand } from "./recovery/command";
import { reportCommand } from "./report/command";
import { rotationCommand } from "./rotation/command";
import { errorLine } from "./screen/errors";
import { Ended, paint, type Terminal, UsageError } from "./screen/terminal";
import { folded, foldedHelp } from "./screen/text";
import { simulatorCommand } from "./simulator/command";

/** Exit codes: 0 done, 1 it failed or found problems, 2 the command line cannot be used. */
const failed = 1;
const usageMistake = 2;

/**
 * The command with all its subcommands, writing to `terminal`. Each subcommand declares its options here and now, and
 * loads what it runs when it runs: `--help` and completion load none of it.
 */
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
    writeOut: (text) => terminal.out(foldedHelp(text.trimEnd(), terminal.width ?? 100)),
    writeErr: (text) => terminal.err(foldedHelp(text.trimEnd(), terminal.width ?? 100)),
    // Shown by `run`, in the style of all errors.
    outputError: () => {},
    getOutHelpWidth: () => terminal.width ?? 100,
    getErrHelpWidth: () => terminal.width ?? 100,
    getOutHasColors: () => terminal.color,
    getErrHasColors: () => terminal.color,
  });
  program.configureHelp({ styleTitle: (title) => paint(terminal, "bold", title) });
  simulatorCommand(program, terminal);
  initCommand(program, terminal);
  doctorCommand(program, terminal);
  adoptCommand(program, terminal);
  rotationCommand(program, terminal);
  reportCommand(program, terminal);
  restoreCommand(program, terminal);
  cloneCommand(program, terminal);
  pluginCommand(program, terminal);
  completionCommand(program, terminal);
  return program;
}

/** Runs one command line, without the names of node and script; resolves to the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const program = buildProgram(terminal);
  try {
    await program.parseAsync([...args], { from: "user" });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return endedByCommander(error, program, args, terminal);
    if (error instanceof Ended) return error.exitCode;
    const isMistake = error instanceof UsageError;
    showError(error, (isMistake ? error.next : undefined) ?? `see ${helpOf(program, args)}`, terminal);
    return isMistake ? usageMistake : failed;
  }
}

/** One line in a log; on a screen folded to its width. */
function showError(error: unknown, next: string, terminal: Terminal): void {
  for (const line of folded(errorLine(error, next, terminal.env), terminal.width)) terminal.err(line);
}

/** Help and version end with 0; help that was not asked for, and every mistake, with 2. */
function endedByCommander(
  error: CommanderError,
  program: Command,
  args: readonly string[],
  terminal: Terminal,
): number {
  if (error.exitCode === 0) return 0;
  if (error.code !== "commander.help") {
    const suggestion = /\(Did you mean (.+?)\?\)/.exec(error.message)?.[1];
    const what = error.message.replace(/\s*\(Did you mean .*\)/s, "");
    const help = helpOf(program, args);
    const next = suggestion === undefined ? `see ${help}` : `did you mean ${suggestion}? See ${help}`;
    showError(new UsageError(what), next, terminal);
  }
  return usageMistake;
}

/** The command line that prints the help of the command that these arguments name. */
function helpOf(program: Command, args: readonly string[]): string {
  const path = [program.name()];
  let command: Command | undefined = program;
  for (const word of args) {
    command = command.commands.find((one) => one.name() === word);
    if (command === undefined) break;
    path.push(word);
  }
  return `\`${[...path, "--help"].join(" ")}\``;
}
