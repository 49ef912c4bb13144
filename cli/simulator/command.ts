import { type Command, InvalidArgumentError, Option } from "commander";
import { parseDuration } from "../../provider/duration";
import type { Terminal } from "../screen/terminal";
import type { SimulatorFlags } from "./run";

const examples = `
Examples:
  $ pulumi-utho simulator
  $ pulumi-utho simulator --port 8700 --snapshot-time 30s
  $ pulumi-utho simulator --settings '{"accountListing":"absent404","idsAs":"number"}'
  $ pulumi-utho simulator --seed servers.json --quiet --ready-file simulator.json

A seed file is {"servers":[{"cloudId":"1001","hostname":"web-1","diskGb":50}],
                "snapshots":[{"cloudId":"1001","name":"by hand"}]}.
All settings, faults and control calls: docs/simulator.md in the repository.`;

/** Adds `pulumi-utho simulator`. What it runs is loaded when it runs. */
export function simulatorCommand(program: Command, terminal: Terminal): void {
  program
    .command("simulator")
    .summary("run an Utho on this machine, to try things out without an account")
    .description(
      "Runs an Utho on this machine: the HTTP API as far as it is publicly known, with two servers in it. " +
        "Nothing is real and nothing costs anything. It ends at Ctrl-C.",
    )
    .option("--port <number>", "port to listen on; 0: any free one", readPort, 0)
    .option("--host <address>", "address to listen on; control answers on loopback only", "127.0.0.1")
    .option("--token <text>", "the API token to accept", "simulated-token")
    .option("--seed <file>", "JSON file with the servers and snapshots that are there from the start")
    .addOption(
      new Option("--snapshot-time <duration>", "how long a snapshot takes, such as 500ms, 4s or 2m")
        .default(4000, "4s")
        .argParser(readDuration),
    )
    .option("--settings <json|file>", "settings, as JSON or as a file that holds JSON")
    .option("--quiet", "print nothing but errors", false)
    .option(
      "--ready-file <path>",
      "file to write address, token and pid to once it listens; removed at the end",
    )
    .addHelpText("after", examples)
    .action(async (flags: SimulatorFlags) => {
      const { runSimulator } = await import("./run.js");
      await runSimulator(flags, terminal);
    });
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a number from 0 to 65535.");
}

function readDuration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  throw new InvalidArgumentError("A duration is written such as 500ms, 4s or 2m.");
}
