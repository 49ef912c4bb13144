import { Argument, type Command } from "commander";
import type { Terminal } from "../screen/terminal";
import { SHELLS, type Shell } from "./shell";

const examples = `
Examples:
  $ source <(pulumi-utho completion bash)     in ~/.bashrc
  $ source <(pulumi-utho completion zsh)      in ~/.zshrc, after compinit
  $ pulumi-utho completion fish | source      in ~/.config/fish/config.fish

It completes the word pulumi-utho, which must be a command: install the package globally,
or put the project's node_modules/.bin on PATH. The script is made from the command itself, so it knows what this version knows.`;

/** Adds `pulumi-utho completion`. */
export function completionCommand(program: Command, terminal: Terminal): void {
  program
    .command("completion")
    .summary("print a script that lets a shell complete commands and options")
    .description("Prints a script that lets a shell complete this command's subcommands and options.")
    .addArgument(new Argument("<shell>", "the shell to print it for").choices(SHELLS))
    .addHelpText("after", examples)
    .action(async (shell: Shell) => {
      const { completionScript } = await import("./script.js");
      terminal.out(completionScript(program, shell));
    });
}
