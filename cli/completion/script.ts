import type { Command } from "commander";
import { bashScript } from "./bash";
import { fishScript } from "./fish";
import { placesOf } from "./places";
import type { Shell } from "./shell";
import { zshScript } from "./zsh";

const writers = { bash: bashScript, zsh: zshScript, fish: fishScript };

/** A script for the shell that completes all of the command, as it is now. */
export function completionScript(program: Command, shell: Shell): string {
  return writers[shell](placesOf(program));
}
