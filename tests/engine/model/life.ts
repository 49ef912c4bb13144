import { type Fault, type Simulator, startSimulator } from "../../../simulator";
import type { Ended, LifeEngine, Recorded } from "../../support/mini-engine";
import { idOf, idsOf, Leftovers } from "./leftovers";
import { Program } from "./program";
import { type Step, wordOf } from "./steps";
import { Tally } from "./tally";

/** Makes the engine that a life runs on. */
export type EngineFor = (simulator: Simulator, config: Record<string, string>) => Promise<LifeEngine>;

/**
 * One life of a program beside a simple model of what must exist: every declared snapshot, once, known to state; what
 * was retained; and nothing else that a run of ours made. What was deleted must have been asked for.
 */
export class Life {
  readonly tally = new Tally();
  private readonly program: Program;
  private readonly leftovers: Leftovers;
  /** Servers that a run which was cut short may have left off, until a later run works on them. */
  private readonly mayBeOff = new Set<string>();

  private constructor(
    private readonly simulator: Simulator,
    private readonly engine: LifeEngine,
  ) {
    this.program = new Program(engine);
    this.leftovers = new Leftovers(simulator, engine, this.program);
  }

  static async begin(engineFor: EngineFor): Promise<Life> {
    const simulator = await startSimulator({
      settings: { snapshotDurationMs: 25, powerDurationMs: 5 },
    });
    const config = {
      "utho:token": simulator.token,
      "utho:endpoint": simulator.url,
      "utho:pollInterval": "10ms",
      "utho:listingLag": "250ms",
      "utho:maxRetries": "1",
    };
    return new Life(simulator, await engineFor(simulator, config));
  }

  async close(): Promise<void> {
    this.engine.close();
    await this.simulator.close();
  }

  async live(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      const done = await this.take(step);
      if (done !== undefined) this.tally.add(`step:${done}`);
    }
    await this.settle();
    this.judge();
    this.tally.add("lives");
    const said = (begin: string): number => this.engine.said.filter((text) => text.startsWith(begin)).length;
    this.tally.add("takenOver", said("Took over"));
    this.tally.add("excused", this.leftovers.excuses);
  }

  /** The word under which the step is counted; `undefined` where there was nothing to do. */
  private async take(step: Step): Promise<string | undefined> {
    switch (step.do) {
      case "adopt":
        return this.adopt(step.name, step.cloudId) ? "adopt" : undefined;
      case "outside":
        return this.meddle(step.what, step.pick) ? `outside ${step.what}` : undefined;
      case "lag":
        this.simulator.cloud.setSettings({
          accountListingLagMs: step.account,
          serverListingLagMs: step.server,
        });
        return "lag";
      case "up":
        this.order(step.fault);
        await this.up(step.killAt);
        return "up";
      case "refresh":
        this.order(step.fault);
        await this.refresh();
        return "refresh";
      default:
        if (!this.program.edit(step)) return undefined;
        if (step.do === "rename") return step.alias ? "rename with alias" : "rename";
        return step.do === "declare" && step.powerOff ? "declare with powerOff" : step.do;
    }
  }

  private order(fault: Fault | undefined): void {
    if (fault !== undefined) this.simulator.faults.add(fault);
  }

  private adopt(name: string, cloudId: string): boolean {
    if (this.program.isTaken(name)) return false;
    const { id } = this.simulator.cloud.addSnapshot({ cloudId, name: `by hand for ${name}` });
    this.leftovers.madeByHand(id);
    return this.program.declare(name, cloudId, { adoptId: id });
  }

  private meddle(what: "make" | "delete" | "rename" | "fail", pick: number): boolean {
    const { cloud } = this.simulator;
    if (what === "make") {
      // One looks like ours, but no resource has its mark.
      const name = pick % 2 === 0 ? "by hand" : "dev-a-20261122T212051Z-000000";
      this.leftovers.madeByHand(cloud.addSnapshot({ cloudId: "1001", name }).id);
      return true;
    }
    const all = cloud.snapshots();
    const chosen = all[pick % Math.max(1, all.length)];
    if (chosen === undefined) return false;
    if (what === "fail") cloud.failSnapshot(chosen.id);
    if (what === "delete") {
      cloud.deleteSnapshot(chosen.id);
      this.leftovers.deletedByHand(chosen.id);
    }
    if (what === "rename") {
      cloud.renameSnapshot(chosen.id, `renamed ${chosen.id}`);
      this.leftovers.renamedByHand(chosen.id);
    }
    return true;
  }

  private async up(killAt?: number): Promise<Ended> {
    this.leftovers.begin();
    const before = [...this.engine.state.values(), ...this.engine.owed].map((one) => ({ ...one }));
    let requests = 0;
    const stop = this.simulator.requests.onArrival(() => {
      requests += 1;
      if (requests === killAt) this.engine.kill();
    });
    const ended = await this.engine.up(this.program.declared);
    stop();
    await this.allAnswered();
    this.count(ended);
    const good = !ended.killed && ended.errors.length === 0;
    this.leftovers.end(before, good);
    this.serversAreOn(before, good);
    this.nothingLost();
    return ended;
  }

  private async refresh(): Promise<Ended> {
    const before = idsOf(this.engine);
    const ended = await this.engine.refresh();
    this.count(ended);
    const known = idsOf(this.engine);
    const wrong = this.simulator.cloud.snapshots().find(({ id }) => before.has(id) && !known.has(id));
    if (wrong !== undefined) throw new Error(`Snapshot ${wrong.id} was given up as gone and exists.`);
    this.nothingLost();
    return ended;
  }

  /** A plugin that was killed may have sent its last request already. */
  private async allAnswered(): Promise<void> {
    const { requests } = this.simulator;
    for (const { number } of requests.all().filter(({ settled }) => !settled)) {
      await requests.waitFor((one) => one.number === number && one.settled);
    }
  }

  private count(ended: Ended): void {
    this.tally.add("operations");
    if (ended.killed) this.tally.add("kills");
  }

  /** A server that was switched off is on again after the run, or after the next one that works on it. */
  private serversAreOn(before: readonly Recorded[], good: boolean): void {
    for (const { cloudId, more } of this.program.declared.values()) {
      if (!good && more?.powerOff === true) this.mayBeOff.add(cloudId);
    }
    if (!good) return;
    for (const one of this.workedOn(before)) this.mayBeOff.delete(one.id.split("/")[0] ?? "");
    const off = this.simulator.cloud.servers().find(({ cloudId, powerState }) => {
      return powerState !== "Running" && !this.mayBeOff.has(cloudId);
    });
    if (off !== undefined) throw new Error(`Server ${off.cloudId} was left ${off.powerState}.`);
  }

  /** What the run has made, taken over or deleted. */
  private workedOn(before: readonly Recorded[]): Recorded[] {
    const known = idsOf(this.engine);
    const earlier = new Set(before.map(idOf));
    const deleted = before.filter((one) => !known.has(idOf(one)) && !one.retainOnDelete);
    return [...deleted, ...[...this.engine.state.values()].filter((one) => !earlier.has(idOf(one)))];
  }

  /** Whatever the state knows exists, unless it was deleted outside. */
  private nothingLost(): void {
    const inCloud = new Set(this.simulator.cloud.snapshots().map(({ id }) => id));
    for (const one of this.engine.state.values()) {
      const id = idOf(one);
      if (!inCloud.has(id) && !this.leftovers.wasDeletedByHand(id)) {
        throw new Error(`Snapshot ${one.id} is in state and was lost.`);
      }
    }
  }

  /** Calm weather: after the next runs all must be as declared. */
  private async settle(): Promise<void> {
    for (const { faults } of this.simulator.requests.all())
      for (const { kind } of faults) this.tally.add(`fault:${wordOf(kind)}`);
    this.simulator.faults.clear();
    this.simulator.cloud.setSettings({ accountListingLagMs: 0, serverListingLagMs: 0 });
    let last: Ended = { errors: ["not run"], killed: false };
    for (let round = 0; round < 4 && last.errors.length > 0; round += 1) {
      this.attendToTheBad();
      await this.refresh();
      last = await this.up();
    }
    if (last.errors.length > 0) throw new Error(`The program does not settle:\n${last.errors.join("\n")}`);
  }

  private attendToTheBad(): void {
    const all = this.simulator.cloud.snapshots();
    const bad = all.filter(({ status }) => status === "Error");
    this.program.attendTo(new Set(bad.map(({ id }) => id)), new Set(all.map(({ id }) => id)));
  }

  private judge(): void {
    const cloud = new Map(this.simulator.cloud.snapshots().map((one) => [one.id, one]));
    if (idsOf(this.engine).size !== this.engine.state.size)
      throw new Error("Two resources stand for one snapshot.");
    if (this.engine.owed.length > 0) throw new Error("State still owes a deletion.");
    for (const [name, { cloudId }] of this.program.declared) {
      const id = this.engine.state.get(this.engine.urnOf(name))?.id.split("/")[1];
      const snapshot = cloud.get(id ?? "");
      if (snapshot === undefined) throw new Error(`${name} has no snapshot in the cloud (state says ${id}).`);
      if (snapshot.cloudId !== cloudId) throw new Error(`${name} stands for a snapshot of another server.`);
      if (snapshot.status !== "Active")
        throw new Error(`${name} stands for a snapshot that is ${snapshot.status}.`);
    }
    this.leftovers.judge();
  }
}
