import { CODES } from "../../../provider/codes";

/** The stable code that begins an error's text. */
export function codeOf(text: string): string {
  return /^(UTHO_[A-Z_]+): /.exec(text)?.[1] ?? "";
}

/** Whether the text begins with a code that is documented, and does not call the error a mistake of ours. */
export function hasStableCode(text: string): boolean {
  const code = codeOf(text);
  return code in CODES && code !== "UTHO_INTERNAL";
}
