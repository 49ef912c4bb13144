import { existsSync, readFileSync } from "node:fs";
import { StackAccess } from "./access";
import type { PulumiCli } from "./pulumi-cli";
import { parseState, type StackState } from "./state";
import { unreadable } from "./unreadable";

/**
 * Reads a state from a file: what `pulumi stack export` printed, in whatever encoding a shell wrote it, or a
 * checkpoint of a local backend.
 * @throws ProviderFailure `UTHO_STACK`
 */
export function readStateFile(path: string): StackState {
  return parseState(readText(path), path);
}

/** A state by what a person calls it: a file, or else a stack. Errors: `UTHO_STACK`. */
export async function readStateOf(stackOrFile: string, pulumi: PulumiCli): Promise<StackState> {
  const isFile = stackOrFile.endsWith(".json") || existsSync(stackOrFile);
  return isFile ? readStateFile(stackOrFile) : new StackAccess(pulumi, stackOrFile).export();
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    return new TextDecoder(encodingOf(bytes)).decode(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unreadable(path, `${reason}.`, "check the path.", cause);
  }
}

/** By the first two bytes. Windows PowerShell writes UTF-16 with ">". */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
