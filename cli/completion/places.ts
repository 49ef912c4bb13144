import type { Command, Option } from "commander";

/** What may follow an option, or stand as an argument. */
export type Value = { kind: "words"; words: readonly string[] } | { kind: "file" } | { kind: "text" };

/** An option as a shell offers it. */
export interface OfferedOption {
  /** As they are typed: "--port", "-h". */
  names: readonly string[];
  description: string;
  /** `undefined`: a switch. */
  value: Value | undefined;
}

/** What can be typed at one place: after `pulumi-utho`, after `pulumi-utho simulator`, … */
export interface Place {
  /** The words that lead here, the command's own name first. */
  route: readonly string[];
  commands: readonly { name: string; description: string }[];
  options: readonly OfferedOption[];
  /** Words that an argument of the command may be. */
  words: readonly string[];
}

/** All places of a command: what its help shows, since both ask the command itself. */
export function placesOf(command: Command, route: readonly string[] = [command.name()]): Place[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command).map((one) => ({
    name: one.name(),
    description: help.subcommandDescription(one),
  }));
  const here: Place = {
    route,
    commands,
    options: help.visibleOptions(command).map(offered),
    words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
  return [here, ...command.commands.flatMap((one) => placesOf(one, [...route, one.name()]))];
}

function offered(option: Option): OfferedOption {
  const names = [option.long, option.short].filter((name) => typeof name === "string");
  return { names, description: option.description, value: expectedAfter(option) };
}

/** What is called a file, a path or a folder in the help is completed as one. */
function expectedAfter({ required, optional, flags, argChoices }: Option): Value | undefined {
  if (!required && !optional) return undefined;
  if (argChoices !== undefined) return { kind: "words", words: argChoices };
  return { kind: /[<[|](file|path|folder)\b/.test(flags) ? "file" : "text" };
}

/** A text as one word of bash, zsh and fish alike, on one line. */
export function quoted(text: string): string {
  return `'${text.replace(/\s+/g, " ").replaceAll("\\", "").replaceAll("'", "’")}'`;
}
