import { type JsonObject, textOf } from "./json";
import type { Exchange } from "./observer/exchange";
import type { Observer } from "./observer/observer";
import { isOfRun, isSuccess, LISTINGS, type Listing, pathOf, snapshotRows } from "./observer/rows";
import { Interrupted, until } from "./pause";

/** A snapshot as all listings of one moment show it. */
export interface Shown {
  id: string;
  name: string;
  status: string | undefined;
}

interface Policy {
  cloudId: string;
  prefix: string;
  interval: number;
  patience: number;
}

/** This run's snapshots, as Utho lists them. */
export class Shelf {
  private readonly notOffered = new Set<Listing>();

  constructor(
    private readonly observer: Observer,
    private readonly policy: Policy,
  ) {}

  /** Asks all listings that Utho offers; what they show of this run's snapshots of the disposable server. */
  async look(): Promise<Shown[]> {
    const shown = new Map<string, Shown>();
    let answered = 0;
    for (const listing of LISTINGS) {
      if (this.notOffered.has(listing)) continue;
      const rows = await this.rowsOf(listing);
      if (rows === undefined) continue;
      answered += 1;
      for (const row of rows) {
        const one = this.read(row);
        if (one === undefined) continue;
        shown.set(one.id, { ...one, status: one.status ?? shown.get(one.id)?.status });
      }
    }
    if (answered === 0) throw new Error("Utho answered none of its listings.");
    return [...shown.values()];
  }

  /** Looks until `condition` holds of what is listed. */
  waitFor(condition: (shown: Shown[]) => boolean, signal?: AbortSignal): Promise<boolean> {
    return until(
      async () => {
        try {
          return condition(await this.look());
        } catch (error) {
          if (error instanceof Interrupted) throw error;
          return false;
        }
      },
      { ...this.policy, signal },
    );
  }

  /** Looks on and on while something else goes on, so that the report can say when things appeared. */
  async watchWhile<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
    const ended = new AbortController();
    const stop = (): void => ended.abort();
    signal?.addEventListener("abort", stop, { once: true });
    const result = work.finally(stop);
    result.catch(() => undefined);
    await this.waitFor(() => false, ended.signal).catch((error: unknown) => {
      if (!(error instanceof Interrupted)) throw error;
    });
    signal?.removeEventListener("abort", stop);
    return result;
  }

  /** Deletes one of ours as soon as Utho lets us, and waits until no listing shows it. */
  async remove(id: string, signal?: AbortSignal): Promise<{ call: Exchange; gone: boolean }> {
    let call = await this.askToDelete(id);
    let gone = false;
    await until(
      async () => {
        if (!isSuccess(call)) call = await this.askToDelete(id);
        return isSuccess(call) || !(await this.isListed(id));
      },
      { ...this.policy, signal },
    );
    gone = await this.waitFor((shown) => !shown.some((one) => one.id === id), signal);
    return { call, gone };
  }

  askToDelete(id: string): Promise<Exchange> {
    const path = `/cloud/${this.policy.cloudId}/snapshot/${id}/delete`;
    return this.observer.ask({ method: "DELETE", path });
  }

  /** Whether it is Active. Without a listing that shows statuses there is nothing to wait for. */
  ready(shown: Shown): boolean {
    return shown.status === undefined || /^active$/i.test(shown.status);
  }

  private async isListed(id: string): Promise<boolean> {
    return (await this.look()).some((one) => one.id === id);
  }

  private async rowsOf(listing: Listing): Promise<JsonObject[] | undefined> {
    const { cloudId } = this.policy;
    const exchange = await this.observer.ask({ method: "GET", path: pathOf(listing, cloudId) });
    const rows = snapshotRows(exchange, cloudId);
    const status = exchange.answer?.status ?? 500;
    // A definite answer without a list will not become one; a server that is known always has its own.
    if (rows === undefined && listing !== "server" && status < 429) this.notOffered.add(listing);
    return rows;
  }

  private read(row: JsonObject): Shown | undefined {
    const id = textOf(row.id);
    const { name } = row;
    const server = textOf(row.cloudid);
    if (id === undefined || typeof name !== "string" || !isOfRun(name, this.policy.prefix)) return undefined;
    if (server !== undefined && server !== this.policy.cloudId) return undefined;
    return { id, name, status: textOf(row.status) };
  }
}
