import type { Command } from "commander";
import { errorLine } from "../screen/errors";
import { Ended, type Terminal, UsageError } from "../screen/terminal";
import type { ReportFlags } from "./run";

/** Not determined: this is never an all-clear. */
const undetermined = 2;

const examples = `
Exit codes: 0 nothing of the --fail-on kinds; 1 findings of these kinds; 2 it could not be determined, or the command
line cannot be used. Anything undetermined is never "in sync".

Examples:
  $ pulumi-utho report                                   # the stack that is selected here
  $ pulumi-utho report --stack prod --stack staging --max-age 7d --fail-on drift,missing,failed,stale
  $ pulumi stack export --file prod.json && pulumi-utho report --state prod.json
  $ pulumi-utho report --format table --format html=report.html --format junit=report.xml
  $ pulumi-utho report --format json=now.json --baseline known.json --ignore ignore.json

How to read it, and the formats: docs/report.md in the repository.`;

/** Adds `pulumi-utho report`. What it runs is loaded when it runs. */
export function reportCommand(program: Command, terminal: Terminal): void {
  const collect = (value: string, before: string[] = []): string[] => [...before, value];
  program
    .command("report")
    .summary(
      "show what is in sync, drifted, missing or unmanaged, and how far back each server could be restored",
    )
    .description(
      "Compares the state of one or several Pulumi stacks with the account, without changing either: each snapshot, " +
        "each server's recovery point, and what it costs.",
    )
    .option("--stack <name>", "a stack of the program; may be repeated (default: the selected one)", collect)
    .option("--cwd <folder>", "folder of the stacks' program (default: this one)")
    .option("--state <file>", "a stack's export instead (-: standard input); may be repeated", collect)
    .option("--account <stack>", "whose token and endpoint to use, where the stacks have different ones")
    .option(
      "--max-age <duration>",
      "a server is covered by a usable snapshot younger than this, such as 24h or 7d",
      "24h",
    )
    .option(
      "--format <format[=file]>",
      "table, brief, json, markdown, junit, sarif or html; may be repeated (default: table)",
      collect,
    )
    .option("--out <file>", "file for the format that names none itself")
    .option("--baseline <file>", "an earlier JSON report: what it has found already does not count")
    .option("--ignore <file>", "JSON file of findings that do not count, with reason and last day")
    .option(
      "--fail-on <kinds>",
      "what makes it exit 1: missing, failed, drift, interrupted, uncovered, stale, unmanaged; or none",
      "drift,missing,failed,interrupted",
    )
    .addHelpText("after", examples)
    .action(async (flags: ReportFlags) => {
      throw new Ended(await exitCodeOf(flags, terminal));
    });
}

async function exitCodeOf(flags: ReportFlags, terminal: Terminal): Promise<number> {
  try {
    const { runReport } = await import("./run.js");
    const { verdict } = await runReport(flags, terminal);
    return verdict.exitCode;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    terminal.err(errorLine(error, "run it again", terminal.env));
    return undetermined;
  }
}
