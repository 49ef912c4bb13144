/** How operations can end, by kind. */
export interface Outcomes {
  /** A snapshot: usable, failed, or never ready. */
  snapshot: "active" | "failed" | "never";
  /** A restore: done, failed (the disk as it was), or never. */
  restore: "restores" | "fails" | "never";
  /** A poweroff: works, or is accepted and ignored by the server. */
  poweroff: "stops" | "hangs";
  /** A deployment: Active, failed, or never. */
  deploy: "active" | "failed" | "never";
  /** The deletion of a snapshot: done, or it ends well and the snapshot stays. */
  delete: "removes" | "stays";
}

/** An end for operations of one kind. */
export interface OutcomeOrder<K extends keyof Outcomes> {
  /** Which kind of operation it is for. */
  of: K;
  /** How these operations end. */
  outcome: Outcomes[K];
  /** How many operations end so; default 1. */
  times?: number | undefined;
  /** Only operations on this server. A deployment has no server yet, so there it has no meaning. */
  cloudId?: string | undefined;
}

/** An outcome that was ordered for coming operations, in place of the one of the settings. */
export type OrderedOutcome = { [K in keyof Outcomes]: OutcomeOrder<K> }[keyof Outcomes];

type Orders = { [K in keyof Outcomes]: (OutcomeOrder<K> & { left: number })[] };

/** Ordered ends, first ordered first used. */
export class OutcomePlan {
  readonly #orders: Orders = { snapshot: [], restore: [], poweroff: [], deploy: [], delete: [] };

  add<K extends keyof Outcomes>(order: OutcomeOrder<K>): void {
    this.#orders[order.of].push({ ...order, left: order.times ?? 1 });
  }

  /** The end of the operation that begins now, or `otherwise`. */
  take<K extends keyof Outcomes>(of: K, cloudId: string | undefined, otherwise: Outcomes[K]): Outcomes[K] {
    const order = this.#orders[of].find(
      (one) => one.left > 0 && (one.cloudId === undefined || one.cloudId === cloudId),
    );
    if (order === undefined) return otherwise;
    order.left -= 1;
    return order.outcome;
  }
}
