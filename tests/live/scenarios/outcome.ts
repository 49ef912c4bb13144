import type { Run } from "../pulumi";
import type { Session } from "../session";

/** One thing that a user does, and what must come of it. */
export interface Scenario {
  title: string;
  /** What came of it, in a line. @throws ScenarioFailure */
  run(session: Session): Promise<string>;
}

export interface Outcome {
  title: string;
  result: "passed" | "failed" | "not run";
  note: string;
  seconds: number;
}

/** What was to be, and is not. */
export class ScenarioFailure extends Error {
  override readonly name = "ScenarioFailure";

  constructor(
    message: string,
    /** What the CLI printed; for the screen only, since unknown values cannot be redacted. */
    readonly output?: string,
  ) {
    super(message);
  }
}

export function expectThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new ScenarioFailure(otherwise);
}

export function expectCode(run: Run, code: number, what: string): void {
  if (run.code === code) return;
  const said = /UTHO_[A-Z_]+/.exec(run.output)?.[0];
  const hint = said === undefined ? "" : ` (${said})`;
  throw new ScenarioFailure(`${what} ended with ${run.code} instead of ${code}${hint}`, run.output);
}
