import type { Command } from "commander";
import type { Terminal } from "../screen/terminal";
import { addAccountOptions } from "../stack/account";
import type { DoctorFlags } from "./run";

const examples = `
Examples:
  $ pulumi-utho doctor
  $ pulumi-utho doctor --stack prod                      also the stack's configuration and state
  $ pulumi-utho doctor --state exported.json --json      a file of \`pulumi stack export\`; for a script

It changes nothing, here or in Utho. The output holds no token, hostname, address or id, so it can be
put into a bug report. Exit code 1: at least one problem.`;

/** Adds `pulumi-utho doctor`. What it runs is loaded when it runs. */
export function doctorCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command("doctor")
    .summary("check this machine, the account and a stack, and say what to do")
    .description(
      "Checks what the provider needs: Node.js, the Pulumi CLI and SDK, the token, the endpoint, each call that it " +
        "reads by, and what a stack's state holds; says for each what was found and what to do.",
    );
  addAccountOptions(command)
    .option("--state <file>", "also look at this file of `pulumi stack export`; -: standard input")
    .option("--json", "print JSON instead of text")
    .addHelpText("after", examples)
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import("./run.js");
      await runDoctor(flags, terminal);
    });
}
