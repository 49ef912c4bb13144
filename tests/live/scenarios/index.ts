import { Interrupted } from "../pause";
import type { Session } from "../session";
import * as life from "./life";
import { hungUpOn, readOnly, readsOfSnapshots, unusualNames } from "./open-points";
import { type Outcome, type Scenario, ScenarioFailure } from "./outcome";
import { questions } from "./questions";

export type { Outcome } from "./outcome";

function scenariosOf({ restore, names, hangUp, readOnlyToken }: Session["settings"]): Scenario[] {
  return [
    questions,
    life.up,
    life.noChange,
    life.clean,
    readsOfSnapshots,
    life.sameName,
    ...(names ? [unusualNames] : []),
    ...(hangUp ? [hungUpOn] : []),
    ...(readOnlyToken === undefined ? [] : [readOnly]),
    life.secondAndReplaced,
    life.deletedOutside,
    ...(restore ? [life.restored] : []),
    life.destroyed,
  ];
}

/** Runs them in turn. Each builds on the ones before, so the first that fails is the last that is run. */
export async function runScenarios(session: Session, say: (line: string) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let stopped = false;
  for (const scenario of scenariosOf(session.settings)) {
    if (stopped || session.signal.aborted) {
      outcomes.push({ title: scenario.title, result: "not run", note: "", seconds: 0 });
      continue;
    }
    say(`… ${scenario.title}`);
    const outcome = await attempt(session, scenario, say);
    stopped = outcome.result === "failed";
    say(`  ${outcome.result}: ${outcome.note} (${outcome.seconds} s)`);
    outcomes.push(outcome);
  }
  return outcomes;
}

async function attempt(session: Session, scenario: Scenario, say: (line: string) => void): Promise<Outcome> {
  const startedAt = Date.now();
  const end = (result: Outcome["result"], note: string): Outcome => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    return { title: scenario.title, result, note, seconds };
  };
  try {
    return end("passed", await scenario.run(session));
  } catch (error) {
    if (error instanceof Interrupted || session.signal.aborted) return end("failed", "ended from outside");
    if (error instanceof ScenarioFailure && error.output !== undefined) say(error.output);
    return end("failed", error instanceof Error ? error.message : String(error));
  }
}
