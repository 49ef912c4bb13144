import type { Terminal } from "../../cli/screen/terminal";

/** A terminal that remembers what was written to it. */
export interface Session {
  terminal: Terminal;
  out: string[];
  err: string[];
  /** As the user's Ctrl-C. */
  end(): void;
}

export function session(changes: Partial<Terminal> = {}): Session {
  const ending = new AbortController();
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    color: false,
    width: undefined,
    ask: undefined,
    answer: undefined,
    env: {},
    ending: ending.signal,
    ...changes,
  };
  return { terminal, out, err, end: () => ending.abort() };
}
