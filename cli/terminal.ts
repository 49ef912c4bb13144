/** Where a command writes, and how long it may run; a test gives its own. */
export interface Terminal {
  out(line: string): void;
  err(line: string): void;
  /** Whether colours may be used on `out`. */
  color: boolean;
  /** Aborted when the user wants the command to end. */
  ending: AbortSignal;
}

/** Thrown by a command whose options cannot be used; shown as one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The terminal of this process. It ends at SIGINT, at SIGTERM, and when nobody reads its output any more. */
export function processTerminal(): Terminal {
  const ending = new AbortController();
  const end = () => ending.abort();
  // Once: a second signal meets Node's own handling and ends the process on the spot.
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  process.stdout.on("error", end);
  process.stderr.on("error", end);
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    color: process.stdout.isTTY === true && (process.env.NO_COLOR ?? "") === "",
    ending: ending.signal,
  };
}

const colors = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** `text` in a colour, where the terminal has colours. */
export function paint(terminal: Terminal, color: keyof typeof colors, text: string): string {
  return terminal.color ? `\u001b[${colors[color]}m${text}\u001b[0m` : text;
}
