import { setTimeout as delay } from "node:timers/promises";
import type { RunningCommand } from "../../support/stack";
import { stopEverywhere } from "./suite";

stopEverywhere([
  { by: "the first Ctrl-C", records: true, stop: async ({ child }) => void child.kill("SIGINT") },
  {
    by: "the second Ctrl-C",
    records: false,
    stop: async (run) => {
      run.child.kill("SIGINT");
      await said(run, /cancel/i);
      run.child.kill("SIGINT");
    },
  },
]);

/** Waits until the CLI has said something. */
async function said(run: RunningCommand, what: RegExp): Promise<void> {
  for (let waited = 0; waited < 20_000 && !what.test(run.outputSoFar()); waited += 50) await delay(50);
}
