import { type Command, InvalidArgumentError } from "commander";
import { isTimeZone } from "../../client/time";
import type { Terminal } from "../screen/terminal";
import { addAccountOptions } from "../stack/account";
import type { CloneFlags } from "./clone";
import type { RestoreFlags } from "./restore";

const restoreExamples = `
Examples:
  $ pulumi-utho restore web-1 --stack prod                  what there is, with age and reason
  $ pulumi-utho restore web-1 --stack prod --to yesterday   what would be overwritten with what
  $ pulumi-utho restore web-1 --stack prod --to 1001/5001 --yes
  $ pulumi-utho restore web-1 --stack prod --undo --yes     back to the state before

It waits for no other stack. After a kill the same command goes on, and restores nothing twice.`;

/** Adds `pulumi-utho restore`. What it runs is loaded when it runs. */
export function restoreCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command("restore")
    .summary("put a server back to a snapshot, now")
    .description(
      "Lists the snapshots of a server, or puts it back to one of them: keeps its present state in a safety snapshot, " +
        "restores, waits, and looks whether it runs. It does so by a SnapshotRestore in a small Pulumi project of its own.",
    )
    .argument("<server>", "the server's hostname or its id");
  addRecoveryOptions(command)
    .option("--undo", "put it back to its state before the last restore")
    .option("--again", "restore once more what the last restore put it back to")
    .option("--done", "delete the safety snapshots, when all is well; the server stays as it is")
    .addHelpText("after", restoreExamples)
    .action(async (server: string, flags: RestoreFlags) => {
      const { runRestore } = await import("./restore.js");
      await runRestore(server, flags, terminal);
    });
}

const cloneExamples = `
Examples:
  $ pulumi-utho clone web-1 --hostname web-1-copy --plan 10045 --stack prod        what would be made, and who pays
  $ pulumi-utho clone 1001/5001 --hostname web-1-copy --plan 10045 --stack prod --yes
  $ pulumi-utho clone web-1 --hostname web-1-copy --undo --stack prod --yes        destroys the copy

After a kill the same command goes on, and makes no second server.`;

/** Adds `pulumi-utho clone`. What it runs is loaded when it runs. */
export function cloneCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command("clone")
    .summary("make a new server from a snapshot, now")
    .description(
      "Makes a new server from a snapshot, and waits until it runs; says first what it costs. It does so by a " +
        "ServerClone in a small Pulumi project of its own, and touches no other server.",
    )
    .argument(
      "<source>",
      "a snapshot's id, or a server's hostname or id: then --to says which, default newest",
    )
    .requiredOption("--hostname <name>", "hostname of the new server; it names the copy for later calls too")
    .option("--plan <id>", "one of Utho's plans, with a disk that holds the snapshot");
  addRecoveryOptions(command)
    .option("--undo", "destroy the server that was made, with its disk")
    .option("--dcslug <slug>", "data centre (default: where the snapshot is)")
    .option("--billing-cycle <word>", "such as hourly or monthly")
    .option("--ssh-key <number>", "a key that is stored in Utho's console; can be given again", collect)
    .option("--firewall <id>", "id of a firewall")
    .option("--vpc <id>", "id of a VPC")
    .option("--no-public-ip", "without a public address")
    .option("--cpu-model <word>", "make of processor, in Utho's words")
    .option("--auth <word>", "how to log in, in Utho's words")
    .addHelpText("after", cloneExamples)
    .action(async (source: string, flags: CloneFlags) => {
      const { runClone } = await import("./clone.js");
      await runClone(source, flags, terminal);
    });
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function addRecoveryOptions(command: Command): Command {
  command
    .option("--to <when>", "a snapshot's id, newest, today, yesterday, 2026-11-24 or 2026-11-24T03:00")
    .option("--yes", "do it; without this it is only shown, and a person at a terminal is asked")
    .option("--json", "print JSON instead of text")
    .option("--time-zone <name>", "IANA time zone of days and times (default: this machine's)", readZone)
    .option("--folder <folder>", "where its Pulumi project is (default: in Pulumi's home)");
  return addAccountOptions(command);
}

function readZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError("Wanted is an IANA name, such as Asia/Kolkata or UTC.");
}
