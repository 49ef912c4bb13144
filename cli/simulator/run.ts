import { once } from "node:events";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import {
  defaultSettings,
  mergeSettings,
  readSeed,
  type Simulator,
  SimulatorError,
  type SimulatorSettings,
  startSimulator,
} from "../../simulator/index";
import { type Terminal, UsageError } from "../screen/terminal";
import { folded } from "../screen/text";
import { readSeedFlag, readSettingsFlag } from "./input";
import { banner, requestLine } from "./screen";

/** The options of `pulumi-utho simulator`, after parsing. */
export interface SimulatorFlags {
  port: number;
  host: string;
  token: string;
  seed?: string;
  /** Milliseconds. */
  snapshotTime: number;
  settings?: string;
  quiet: boolean;
  readyFile?: string;
}

/** What a person can watch: slow enough to see each state, fast enough not to wait. */
const visibleSettings: SimulatorSettings = {
  ...defaultSettings,
  restoreDurationMs: 4000,
  powerDurationMs: 2000,
  deployDurationMs: 5000,
  destroyDurationMs: 1000,
};

/** Runs the simulator until the terminal ends it. @throws UsageError on options that cannot be used */
export async function runSimulator(flags: SimulatorFlags, terminal: Terminal): Promise<void> {
  const simulator = await start(flags);
  try {
    if (flags.readyFile !== undefined) writeReadyFile(flags.readyFile, simulator);
    if (!flags.quiet) {
      for (const line of banner(simulator, terminal)) terminal.out(line);
      simulator.requests.onSettled((request) => {
        for (const line of folded(requestLine(request, terminal), terminal.width)) terminal.out(line);
      });
    }
    if (!terminal.ending.aborted) await once(terminal.ending, "abort");
  } finally {
    await simulator.close();
    if (flags.readyFile !== undefined) rmSync(flags.readyFile, { force: true });
  }
  if (!flags.quiet) terminal.out("Simulator ended; its servers and snapshots are gone.");
}

async function start(flags: SimulatorFlags): Promise<Simulator> {
  const { port, host, token } = flags;
  const seed = readSeedFlag(flags.seed);
  const changes = readSettingsFlag(flags.settings);
  try {
    const settings = mergeSettings({ ...visibleSettings, snapshotDurationMs: flags.snapshotTime }, changes);
    return await startSimulator({ port, host, token, settings, ...readSeed(seed) });
  } catch (error) {
    if (!(error instanceof SimulatorError) || error.code === "SIMULATOR_CANNOT_LISTEN") throw error;
    throw new UsageError(error.message, { cause: error });
  }
}

/** Written beside and renamed, so that whoever waits for it never reads half of it; it holds the token. */
function writeReadyFile(path: string, simulator: Simulator): void {
  const { url, controlUrl, port, token } = simulator;
  const text = `${JSON.stringify({ url, controlUrl, port, token, pid: process.pid })}\n`;
  const unfinished = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600 });
    renameSync(unfinished, path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--ready-file: cannot write ${path}: ${reason}`, { cause });
  }
}
