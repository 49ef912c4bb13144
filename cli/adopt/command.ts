import { type Command, Option } from "commander";
import { type Terminal, UsageError } from "../screen/terminal";
import { addAccountOptions } from "../stack/account";
import { DOORS } from "./door";
import type { AdoptFlags } from "./run";

const examples = `
Examples:
  $ pulumi-utho adopt --stack dev                  what would be done
  $ pulumi-utho adopt --stack dev --cloud-id 1001 --out adopted.ts --yes
  $ pulumi-utho adopt --stack dev 1001/5001 5002   these two or none
  $ pulumi-utho adopt --undo <file>                back to the state before

Nothing is made, changed or deleted in Utho. Put the printed program into yours
before the next \`pulumi up\`: what is in the state and not in the program is
something to delete.`;

/** Adds `pulumi-utho adopt`. What it runs is loaded when it runs. */
export function adoptCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command("adopt")
    .summary("bring existing snapshots under the management of a stack")
    .description(
      "Finds snapshots that no resource of the stack knows, writes the program that declares them, and takes them " +
        "into the stack's state, so that the next preview has nothing to do. Without --yes it only shows what it would do.",
    )
    .argument("[ids...]", "snapshots, as 5001 or 1001/5001 (default: all that no stack given here owns)");
  addAccountOptions(command)
    .option("--cloud-id <id>", "only snapshots of this server; can be given again", collect)
    .option(
      "--name-regex <regex>",
      "only snapshots whose name this JavaScript regular expression finds",
      regex,
    )
    .option(
      "--also-stack <name>",
      "a further stack, or file of `stack export` (.json), whose snapshots are left alone; can be given again",
      collect,
    )
    .option("--out <file>", "write the program to this new file instead of the screen")
    .option("--no-protect", "declare the snapshots without the resource option `protect`")
    .addOption(
      new Option(
        "--door <door>",
        "resources of the classes of pulumi-utho, or of the plugin (default: as in the stack, else by its language)",
      ).choices(DOORS),
    )
    .option("--yes", "do it; without this nothing is changed, and a person at a terminal is asked")
    .option(
      "--undo <file>",
      "put back the state that an adoption kept in this file, if nothing was changed since",
    )
    .addHelpText("after", examples)
    .action((ids: string[], flags: AdoptFlags) => adoptOrUndo(ids, flags, terminal));
}

async function adoptOrUndo(ids: string[], flags: AdoptFlags, terminal: Terminal): Promise<void> {
  if (flags.undo !== undefined) {
    const { undoAdoption } = await import("./undo.js");
    return undoAdoption(flags.undo, flags, terminal);
  }
  const { stack } = flags;
  if (stack === undefined) throw new UsageError("--stack is missing: which stack is to own the snapshots?");
  const { runAdopt } = await import("./run.js");
  await runAdopt(ids, { ...flags, stack }, terminal);
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function regex(text: string): RegExp {
  try {
    return new RegExp(text, "u");
  } catch (cause) {
    throw new UsageError(`--name-regex: ${cause instanceof Error ? cause.message : String(cause)}`, {
      cause,
    });
  }
}
