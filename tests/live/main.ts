import { resolve } from "node:path";
import { runKit } from "./kit";
import { Refusal } from "./settings";

/** Exit codes: 0 all passed; 1 not, or something is left; 2 refused, nothing was done; 130 ended from outside. */
const PASSED = 0;
const FAILED = 1;
const REFUSED = 2;
const ENDED = 130;

/** The folder of the package, from where this file is when it is compiled: .cache/live-kit/tests/live. */
const ROOT = resolve(__dirname, "../../../..");

/** Runs the kit from a terminal. `engine` finds the Pulumi CLI. */
export async function main(engine: () => Promise<{ bin: string; version: string }>): Promise<number> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const ending = new AbortController();
  const onSignal = (): void => {
    if (ending.signal.aborted) {
      say("Ended without cleaning up: look for the names above in Utho's console.");
      process.exit(ENDED);
    }
    say("\nEnding: the command that runs is ended, then everything is cleaned up. Once more ends at once.");
    ending.abort();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  try {
    const { report, files } = await runKit({
      env: process.env,
      say,
      signal: ending.signal,
      root: ROOT,
      engine,
    });
    say(
      `\nResult: ${report.result}\nReport, fit to attach to an issue:\n  ${files.markdown}\n  ${files.json}`,
    );
    if (report.result === "ended from outside") return ENDED;
    return report.result === "passed" ? PASSED : FAILED;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`${error.message}\n`);
    return REFUSED;
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
