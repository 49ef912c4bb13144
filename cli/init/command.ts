import { type Command, InvalidArgumentError } from "commander";
import { isTimeZone } from "../../client/time";
import type { Terminal } from "../screen/terminal";
import type { InitFlags } from "./run";

const examples = `
Examples:
  $ pulumi-utho init nightly backups           asks for token and servers
  $ UTHO_TOKEN=... pulumi-utho init nightly backups --server web-1 --server db-1 --yes

It takes no snapshot. When the preview is as you want it, run the script once and put the
printed lines into cron.`;

/** Adds `pulumi-utho init`. What it runs is loaded when it runs. */
export function initCommand(program: Command, terminal: Terminal): void {
  program
    .command("init")
    .summary("write a project to start from")
    .description("Writes a Pulumi project that works as it is, in a new folder.")
    .command("nightly")
    .summary("a project that takes snapshots every night, with its script for cron")
    .description(
      "Writes a project whose SnapshotRotation takes a snapshot of each chosen server every night, with a script for " +
        "cron; installs its packages, stores the token encrypted, previews, and prints the lines for cron.",
    )
    .argument("[folder]", "the new folder", "nightly-snapshots")
    .option(
      "--server <name>",
      "hostname or id of a server; can be given again (default: asked; all with --yes)",
      collect,
    )
    .option("--at <time>", "when it runs each night, by this machine's clock", readClock, "02:00")
    .option(
      "--time-zone <name>",
      "IANA zone in which days, weeks and months begin (default: this machine's)",
      readZone,
    )
    .option("--stack <name>", "name of the stack", "prod")
    .option("--backend <url>", "where the state is kept (default: PULUMI_BACKEND_URL, else the new folder)")
    .option(
      "--package <spec>",
      "what to install as pulumi-utho: a version range, or file:<tarball> (default: the tarball that the project here has it from, else ^ this version)",
    )
    .option("--yes", "ask nothing")
    .addHelpText("after", examples)
    .action(async (folder: string, flags: InitFlags) => {
      const { runInit } = await import("./run.js");
      await runInit(folder, flags, terminal);
    });
}

function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

function readClock(text: string): string {
  if (/^([01]\d|2[0-3]):[0-5]\d$/.test(text)) return text;
  throw new InvalidArgumentError("Wanted is a time of the day, such as 02:00.");
}

function readZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError("Wanted is an IANA name, such as Asia/Kolkata or UTC.");
}
