import path from "node:path";
import { pathToFileURL } from "node:url";
import { clock, streamSink } from "../provide-engine/reporter.mjs";
import { EngineError, provideEngine } from "../provide-engine.mjs";
import { sayFarewell } from "./farewell.mjs";
import { watchForInterruption } from "./interruption.mjs";
import { Prerequisite, REPOSITORY } from "./prerequisites.mjs";
import { createPulumi } from "./pulumi.mjs";
import { steps, UnexpectedEnd } from "./steps.mjs";
import { createWorkspace } from "./workspace.mjs";

/** From the creation of a snapshot until it is Active; a real one takes minutes. */
const SNAPSHOT_MS = 3_000;

/** Runs the whole quickstart, and takes back whatever it made, however it ends. @returns the exit code */
export async function tour(screen) {
  const startedAt = Date.now();
  const interruption = watchForInterruption();
  try {
    introduce(screen);
    const engine = await getEngine();
    await runSteps(screen, engine, interruption);
    sayFarewell(screen, engine, clock(Date.now() - startedAt));
    return 0;
  } catch (error) {
    if (!interruption.polite.aborted) throw error;
    screen.line();
    screen.text("Interrupted. The simulated account and the temporary folder are removed; nothing is left.");
    return interruption.exitCode();
  } finally {
    interruption.stop();
  }
}

async function getEngine() {
  const sink = streamSink(process.stdout);
  try {
    return await provideEngine(sink);
  } finally {
    sink.end?.();
  }
}

async function runSteps(screen, engine, interruption) {
  const cleanups = [];
  try {
    const simulator = await startSimulator();
    cleanups.push(() => simulator.close());
    const workspace = createWorkspace(engine.bin);
    // Also where something ends this process at once.
    process.once("exit", workspace.dispose);
    cleanups.push(workspace.dispose);
    const pulumi = createPulumi({ workspace, screen, interruption });
    for (const step of steps) await step({ screen, pulumi, simulator });
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
  }
}

function introduce(screen) {
  screen.title("pulumi-utho quickstart");
  screen.line();
  screen.text(
    "Snapshots of two servers, declared in a program; Pulumi makes them so and keeps them so. Utho is simulated on " +
      "this machine: no account is needed, nothing costs anything, and nothing outside a temporary folder is " +
      "touched. It takes about one minute.",
  );
  screen.line();
}

async function startSimulator() {
  const built = pathToFileURL(path.join(REPOSITORY, "dist/simulator/index.js"));
  const { startSimulator: start } = await import(built.href);
  return start({ settings: { snapshotDurationMs: SNAPSHOT_MS } });
}

/** What an error shows the user; a stack trace only for a mistake of ours. */
export function explain(error) {
  const isExpected =
    error instanceof EngineError || error instanceof Prerequisite || error instanceof UnexpectedEnd;
  return isExpected ? error.message : (error.stack ?? String(error));
}
