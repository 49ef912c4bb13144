import type { Progress } from "../engine/progress";

/**
 * Many servers on one row: how many are done, and the latest word of one of them. What stays (warnings, notes) names
 * its server by itself.
 */
export class FleetProgress {
  private done = 0;

  constructor(
    private readonly row: Progress,
    private readonly servers: number,
  ) {}

  /** The row as one server's work sees it. */
  of(cloudId: string): Progress {
    if (this.servers === 1) return this.row;
    return {
      status: (text) => this.row.status(`${this.done} of ${this.servers} servers done; ${cloudId}: ${text}`),
      warn: (text) => this.row.warn(text),
      info: (text) => this.row.info(text),
      flush: () => this.row.flush(),
    };
  }

  ended(): void {
    this.done += 1;
  }
}
