export interface ProvideEngineOptions {
  /** Gets each line of what is going on. Default: silence. */
  log?: (line: string) => void;
  /** Gets a line that replaces the one before, for a terminal. Default: such lines go to `log` every 15 seconds. */
  update?: (line: string) => void;
  /** The environment to read settings from and to run programs in. Default: `process.env`. */
  env?: NodeJS.ProcessEnv;
  /** Milliseconds until a download site must answer, and that it may stay silent then. Default: 5000 and 20000. */
  timeouts?: { answerMs: number; stallMs: number };
  /** Milliseconds between two signs of life. Default: 1000 with `update`, else 15000. */
  tickMs?: number;
}

export interface Engine {
  /** The folder that holds the CLI. Put it first on PATH. */
  bin: string;
  /** The CLI's version, such as "3.248.0". */
  version: string;
  /** Where it came from; "kept": an earlier run or Pulumi's own npm wrapper made it. */
  source: "kept" | "path" | "download" | "build";
}

/** Why there is no engine. `code` is ENGINE_SETTING, ENGINE_PLACE or ENGINE_UNAVAILABLE. */
export class EngineError extends Error {
  readonly code: "ENGINE_SETTING" | "ENGINE_PLACE" | "ENGINE_UNAVAILABLE";
  readonly tried: { source: string; reason: string }[];
}

/** Finds a Pulumi CLI that can run Node.js programs, or gets one. See docs/engine.md. */
export function provideEngine(options?: ProvideEngineOptions): Promise<Engine>;
