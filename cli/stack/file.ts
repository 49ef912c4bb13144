import { existsSync, readFileSync, readSync, statSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import * as v from "valibot";
import { StackAccess } from "./access";
import type { PulumiCli } from "./pulumi-cli";
import { parseState, type StackState } from "./state";
import { unreadable } from "./unreadable";

/**
 * Reads a state from a file, or from standard input ("-"): what `pulumi stack export` printed, in whatever encoding a
 * shell wrote it, or a checkpoint of a backend of files, packed or not.
 * @throws ProviderFailure `UTHO_STACK`
 */
export function readStateFile(path: string): StackState {
  const origin = path === STANDARD_INPUT ? "standard input" : path;
  return parseState(readText(path, origin), origin);
}

/** A state by what a person calls it: a file, or else a stack. Errors: `UTHO_STACK`. */
export async function readStateOf(stackOrFile: string, pulumi: PulumiCli): Promise<StackState> {
  // A folder may have the name of a stack.
  const exists = existsSync(stackOrFile) && !statSync(stackOrFile).isDirectory();
  const isFile = exists || stackOrFile === STANDARD_INPUT || /\.json(\.gz)?$/.test(stackOrFile);
  return isFile ? readStateFile(stackOrFile) : new StackAccess(pulumi, stackOrFile).export();
}

function readText(path: string, origin: string): string {
  try {
    return readTextFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unreadable(origin, `${reason}.`, "check the path.", cause);
  }
}

/** As a user names standard input. */
const STANDARD_INPUT = "-";

/** The text of a file that a shell, an editor or a backend wrote. */
export function readTextFile(path: string): string {
  const read = path === STANDARD_INPUT ? readStandardInput() : readFileSync(path);
  const bytes = read[0] === 0x1f && read[1] === 0x8b ? gunzipSync(read) : read;
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}

const failureOfRead = v.object({ code: v.string() });

/** A pipe that Node has looked at, here or in what started this, fails where it has nothing yet: then wait. */
function readStandardInput(): Buffer {
  const parts: Buffer[] = [];
  for (;;) {
    const part = Buffer.alloc(65_536);
    try {
      const length = readSync(0, part);
      if (length === 0) return Buffer.concat(parts);
      parts.push(part.subarray(0, length));
    } catch (cause) {
      const code = v.is(failureOfRead, cause) ? cause.code : undefined;
      // So ends a pipe on Windows.
      if (code === "EOF") return Buffer.concat(parts);
      if (code !== "EAGAIN") throw cause;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** By the first two bytes. Windows PowerShell writes UTF-16 with ">". */
function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
}
