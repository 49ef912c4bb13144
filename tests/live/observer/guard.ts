import { isObject, textOf } from "../json";
import type { Exchange } from "./exchange";
import { isOfRun } from "./rows";

const CREATE = /^\/cloud\/(\d+)\/snapshot\/create$/;
const DELETE = /^\/cloud\/(\d+)\/snapshot\/(\d+)\/delete$/;
const RESTORE = /^\/cloud\/(\d+)\/snapshot\/(\d+)\/restore$/;

export interface Limits {
  cloudId: string;
  /** What the names of this run's snapshots begin with. */
  prefix: string;
  restore: boolean;
}

/**
 * What may reach the account: reading, and writes that concern this run's own snapshots of the disposable server.
 * It stands between everything and Utho, so a fault in the provider or in the kit cannot harm anything else.
 */
export class Guard {
  /** Ids of snapshots that Utho itself listed under a name of this run. */
  readonly own = new Map<string, string>();
  private sealed = false;

  constructor(private readonly limits: Limits) {}

  /** From now on the provider may write nothing more; the kit cleans up. */
  seal(): void {
    this.sealed = true;
  }

  /** Notes which snapshots are ours, from any answer. */
  learn(value: unknown): void {
    if (Array.isArray(value)) for (const one of value) this.learn(one);
    if (!isObject(value)) return;
    const id = textOf(value.id);
    const { name } = value;
    if (id !== undefined && typeof name === "string" && isOfRun(name, this.limits.prefix)) {
      const server = textOf(value.cloudid);
      if (server === undefined || server === this.limits.cloudId) this.own.set(id, name);
    }
    for (const inner of Object.values(value)) this.learn(inner);
  }

  /** Why a request must not reach Utho; undefined: it may. */
  objection(by: Exchange["by"], method: string, path: string, sent: unknown): string | undefined {
    if (method === "GET") return undefined;
    if (this.sealed && by === "provider") return "the run has been ended";
    const [, server, snapshot] = this.match(method, path);
    if (server === undefined) return "the live kit makes no such request";
    if (server !== this.limits.cloudId) return "it concerns another server than the disposable one";
    if (snapshot !== undefined) {
      return this.own.has(snapshot) ? undefined : "it concerns a snapshot that this run has not made";
    }
    const name = isObject(sent) ? sent.name : undefined;
    const named = typeof name === "string" && name.startsWith(this.limits.prefix);
    return named ? undefined : "the snapshot's name does not belong to this run";
  }

  private match(method: string, path: string): readonly (string | undefined)[] {
    if (method === "DELETE") return DELETE.exec(path) ?? [];
    if (method !== "POST") return [];
    return CREATE.exec(path) ?? (this.limits.restore ? RESTORE.exec(path) : null) ?? [];
  }
}
