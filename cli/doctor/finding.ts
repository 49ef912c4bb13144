/** From good to bad; `skipped`: could not be looked at, because of another finding. */
export type Verdict = "ok" | "skipped" | "warning" | "problem";

/** What one check found. It must not contain a token, a hostname, an address or an id. */
export interface Finding {
  /** Stable, for scripts: "node", "api.account". */
  check: string;
  /** For people. */
  title: string;
  verdict: Verdict;
  detail: string;
  /** What to do; there wherever the verdict is a warning or a problem. */
  next?: string;
}

/** Makes the findings of one check. */
export class Check {
  constructor(
    private readonly check: string,
    private readonly title: string,
  ) {}

  ok(detail: string): Finding {
    return this.finding("ok", detail);
  }

  skipped(detail: string): Finding {
    return this.finding("skipped", detail);
  }

  warning(detail: string, next: string): Finding {
    return { ...this.finding("warning", detail), next };
  }

  problem(detail: string, next: string): Finding {
    return { ...this.finding("problem", detail), next };
  }

  private finding(verdict: Verdict, detail: string): Finding {
    return { check: this.check, title: this.title, verdict, detail };
  }
}

/** How many findings there are of each verdict. */
export function countsOf(findings: readonly Finding[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { ok: 0, skipped: 0, warning: 0, problem: 0 };
  for (const { verdict } of findings) counts[verdict] += 1;
  return counts;
}
