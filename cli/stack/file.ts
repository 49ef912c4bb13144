import { readFileSync } from "node:fs";
import { parseState, type StackState } from "./state";
import { EXPORT_AGAIN, unreadable } from "./unreadable";

/** Reads a file that `pulumi stack export` wrote. @throws ProviderFailure `UTHO_STACK` */
export function readStateFile(path: string): StackState {
  return parseState(parseJson(path, readText(path)), path);
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path);
    // What Windows PowerShell writes with ">".
    const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    return new TextDecoder(isUtf16 ? "utf-16le" : "utf-8").decode(bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unreadable(path, `${reason}.`, "check the path that --state names.", cause);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw unreadable(path, "it is not JSON.", EXPORT_AGAIN, cause);
  }
}
