import { digestTriggers } from "../../../provider/engine/values";
import { markFor, markOf } from "../../../provider/utho/names";
import type { Declared, LifeEngine } from "../../support/mini-engine";
import type { Step } from "./steps";

type Edit = Extract<Step, { do: "declare" | "remove" | "trigger" | "move" | "retain" | "rename" }>;

/** The program of a life, as its author changes it. */
export class Program {
  readonly declared = new Map<string, Declared>();
  private generation = 0;

  constructor(private readonly engine: LifeEngine) {}

  /** Makes a change, or says that there is nothing to change. */
  edit(step: Edit): boolean {
    if (step.do === "declare") return this.declare(step.name, step.cloudId, { powerOff: step.powerOff });
    const one = this.declared.get(step.name);
    if (one === undefined) return false;
    if (step.do === "rename") return this.rename(step.name, step.to, step.alias, one);
    if (step.do === "remove") this.declared.delete(step.name);
    if (step.do === "trigger") one.triggers = [this.next()];
    if (step.do === "retain") one.retainOnDelete = !one.retainOnDelete;
    // What was adopted is of the old server.
    if (step.do === "move")
      Object.assign(one, { cloudId: one.cloudId === "1001" ? "1002" : "1001", more: {} });
    return true;
  }

  declare(name: string, cloudId: string, more: Declared["more"]): boolean {
    if (this.isTaken(name)) return false;
    this.declared.set(name, { cloudId, triggers: [], retainOnDelete: false, aliases: [], more });
    return true;
  }

  /** Whether a resource has the name, or is still known by it. */
  isTaken(name: string): boolean {
    return (
      this.declared.has(name) ||
      [...this.declared.values()].some(({ aliases = [] }) => aliases.includes(name))
    );
  }

  /** Whether the program wants a snapshot of this server under this URN. */
  wants(urn: string, cloudId: string): boolean {
    return [...this.declared].some(
      ([name, one]) => this.engine.urnOf(name) === urn && one.cloudId === cloudId,
    );
  }

  /** The mark that a creation under this URN would have now: it looks for nothing that has another one. */
  markOf(urn: string): string | undefined {
    const [entry] = [...this.declared].filter(([name]) => this.engine.urnOf(name) === urn);
    if (entry === undefined) return undefined;
    const [name, { aliases = [], triggers }] = entry;
    const [held] = [name, ...aliases].flatMap((one) => this.engine.state.get(this.engine.urnOf(one)) ?? []);
    const former = held === undefined ? undefined : String(held.inputs.mark ?? markOf(urn));
    return markFor(urn, { digest: digestTriggers([...triggers]), former });
  }

  /**
   * What a careful user does after a look at the cloud: asks for a new snapshot where the old one failed after it was
   * Active, which is never replaced by itself, and no longer adopts what is gone or holds no data, or where the
   * resource has a snapshot already.
   */
  attendTo(bad: ReadonlySet<string>, there: ReadonlySet<string>): void {
    for (const [name, one] of this.declared) {
      const id = this.engine.state.get(this.engine.urnOf(name))?.id.split("/")[1] ?? "";
      if (bad.has(id)) one.triggers = [this.next()];
      const adoptId = one.more?.adoptId;
      if (typeof adoptId !== "string") continue;
      if (bad.has(adoptId) || !there.has(adoptId) || (id !== "" && id !== adoptId)) one.more = {};
    }
  }

  private rename(name: string, to: string, alias: boolean, one: Declared): boolean {
    if (this.isTaken(to)) return false;
    this.declared.delete(name);
    this.declared.set(to, { ...one, aliases: alias ? [...(one.aliases ?? []), name] : [] });
    return true;
  }

  private next(): string {
    this.generation += 1;
    return `${this.generation}`;
  }
}
