import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Where a command writes, what it may ask, and how long it may run; a test gives its own. */
export interface Terminal {
  /** One line, or several, for whoever reads the command's result. */
  out(line: string): void;
  /** The same for errors and for what is said on the way. */
  err(line: string): void;
  /** Whether colours may be used on `out`. */
  color: boolean;
  /** Columns of `out`; `undefined` where it is no screen, so that nothing is cut or folded. */
  width: number | undefined;
  /** Asks a person; `undefined` without a person to answer. Resolves to false unless the answer is yes. */
  ask: ((question: string) => Promise<boolean>) | undefined;
  /** The same for an answer in words, which a secret one does not show; `undefined` where the person gives up. */
  answer: ((question: string, options?: { hidden?: boolean }) => Promise<string | undefined>) | undefined;
  /** The environment: tokens, endpoints, where Pulumi is. */
  env: NodeJS.ProcessEnv;
  /** Aborted when the user wants the command to end. */
  ending: AbortSignal;
}

/** Thrown by a command whose options cannot be used; shown as one line, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** What to do; `undefined`: look at the command's help. */
  readonly next: string | undefined;

  constructor(message: string, { next, ...options }: ErrorOptions & { next?: string } = {}) {
    super(message, options);
    this.next = next;
  }
}

/** Thrown by a command that has shown its result and ends with another exit code than 0. */
export class Ended extends Error {
  override readonly name = "Ended";

  constructor(readonly exitCode: number) {
    super(`ended with exit code ${exitCode}`);
  }
}

/** This command as the person typed it, for a line that is to be typed next. */
export function toolAsTyped(env: NodeJS.ProcessEnv): string {
  return env.npm_command === "exec" ? "npx --no pulumi-utho" : "pulumi-utho";
}

/** The terminal of this process. It ends at SIGINT, at SIGTERM, and when the reader of its output is gone. */
export function processTerminal(): Terminal {
  const ending = new AbortController();
  const end = () => ending.abort();
  // Once: a second signal meets Node's own handling and ends the process on the spot.
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  process.stdout.on("error", end);
  process.stderr.on("error", end);
  const isScreen = process.stdout.isTTY === true;
  // A piped result is for a program or a file, and what runs it expects no question.
  const isAsked = isScreen && process.stdin.isTTY === true && process.stderr.isTTY === true;
  return {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    color: colorsWanted(process.env, isScreen),
    width: isScreen ? widthOf(process.stdout.columns) : undefined,
    ask: isAsked
      ? async (question) => /^\s*y(es)?\s*$/i.test((await answerOf(question, ending.signal)) ?? "")
      : undefined,
    answer: isAsked ? (question, options) => answerOf(question, ending.signal, options) : undefined,
    env: process.env,
    ending: ending.signal,
  };
}

/**
 * Whether to use colours: never with NO_COLOR, always with FORCE_COLOR (unless it says 0 or false), else on a screen
 * that is not a dumb one.
 */
export function colorsWanted(env: NodeJS.ProcessEnv, isScreen: boolean): boolean {
  if ((env.NO_COLOR ?? "") !== "") return false;
  const { FORCE_COLOR: forced } = env;
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isScreen && env.TERM !== "dumb";
}

/** Some terminals, and those within other programs, say that they have no columns at all. */
function widthOf(columns: number | undefined): number {
  return columns === undefined || columns < 20 ? 80 : columns;
}

async function answerOf(
  question: string,
  ending: AbortSignal,
  { hidden = false }: { hidden?: boolean } = {},
): Promise<string | undefined> {
  const nowhere = new Writable({ write: (_bytes, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: hidden ? nowhere : process.stderr,
    terminal: true,
  });
  try {
    // Ctrl-C at the question is an answer too, and this interface keeps it from the process.
    const broken = new AbortController();
    lines.on("SIGINT", () => broken.abort());
    lines.on("close", () => broken.abort());
    if (hidden) process.stderr.write(question);
    return await lines.question(question, { signal: AbortSignal.any([ending, broken.signal]) });
  } catch {
    return undefined;
  } finally {
    if (hidden) process.stderr.write("\n");
    lines.close();
  }
}

const colors = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** `text` in a colour, where the terminal has colours. */
export function paint(terminal: Pick<Terminal, "color">, color: keyof typeof colors, text: string): string {
  return terminal.color ? `\u001b[${colors[color]}m${text}\u001b[0m` : text;
}
