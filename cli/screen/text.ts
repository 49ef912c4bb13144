import { zoneOf } from "../../client/time";

/** Lines of at most `width` columns, folded at spaces; one line where no width is given, as for a log. */
export function folded(text: string, width: number | undefined): string[] {
  if (width === undefined) return [text];
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/**
 * A help page for a screen of so many columns: what is said of an example goes to a line of its own where the two do
 * not fit on one, a command that is too long goes on behind a backslash, and prose is folded.
 */
export function foldedHelp(text: string, width: number): string {
  return text
    .split("\n")
    .flatMap((line) => foldedHelpLine(line, width))
    .join("\n");
}

function foldedHelpLine(line: string, width: number): string[] {
  if (line.length <= width) return [line];
  const [, indent = "", rest = ""] = /^( *)(.*)$/.exec(line) ?? [];
  if (!rest.startsWith("$ ")) return folded(rest, width - indent.length).map((one) => indent + one);
  const [command = "", ...said] = rest.split(/ {3,}/);
  const parts = folded(command, width - indent.length - 6);
  const lines = parts.map((part, index) => {
    const more = index < parts.length - 1 ? " \\" : "";
    return `${indent}${index === 0 ? "" : "    "}${part}${more}`;
  });
  return [...lines, ...said.map((one) => `${indent}    ${one}`)];
}

/**
 * Names come from people and from Utho and may hold anything. Control characters and those that turn the direction of
 * writing around would garble a screen or hide what a name really says, so they are shown and not obeyed.
 */
const INVISIBLE =
  /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** `text` on one line, with everything invisible written out: `\u{202e}`. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}

/** A moment as the clock of a time zone shows it: `2026-11-24 02:00`. */
export function wall(time: number, timeZone: string): string {
  const shown = new Date(time + zoneOf(timeZone).offsetAt(time)).toISOString();
  return shown.slice(0, 16).replace("T", " ");
}

/** The rules that keep a snapshot: "last, daily", "oldest weekly, monthly" where each word after "oldest" is one too. */
export function reasonsText(reasons: readonly string[]): string {
  const oldest = reasons.filter((one) => one.startsWith("oldest ")).map((one) => one.slice("oldest ".length));
  const others = reasons.filter((one) => !one.startsWith("oldest "));
  return [...others, ...(oldest.length === 0 ? [] : [`oldest ${oldest.join(", ")}`])].join(", ");
}

const MINUTE = 60_000;

/** How long ago something was: `12 min`, `25 h`, `4 days`. */
export function ageText(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / MINUTE));
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** In quotes, as a POSIX shell takes a text literally. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A word as the shell of this machine takes it: plain words as they are, the rest in quotes. */
export function shellWord(text: string): string {
  if (process.platform === "win32") return `'${text.replaceAll("'", "''")}'`;
  return /^[A-Za-z0-9._:/@-]+$/.test(text) ? text : quoted(text);
}
