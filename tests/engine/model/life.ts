import { type Simulator, startSimulator } from "../../../simulator";
import type { Declared, Ended, LifeEngine } from "../../support/mini-engine";
import type { Step } from "./steps";

/** What a sequence did, for the table of docs/reliability.md. */
export interface Tally {
  operations: number;
  kills: number;
  faultsFired: number;
  takenOver: number;
}

/** Makes the engine that a life runs on. */
export type EngineFor = (simulator: Simulator, config: Record<string, string>) => Promise<LifeEngine>;

/**
 * One life of a program beside a simple model of what must exist: every declared snapshot, once, known to state; what
 * was retained; and nothing else that a run of ours made. What was deleted must have been asked for.
 */
export class Life {
  private readonly program = new Map<string, Declared>();
  private readonly retained = new Set<string>();
  private readonly deletedOutside = new Set<string>();
  /** Left behind by design, each for a reason given where it is added. */
  private readonly excused = new Set<string>();
  /** Resources whose last creation was cut short, so that the cloud may hold a snapshot that no state knows. */
  private readonly interrupted = new Set<string>();
  private readonly tally: Tally = { operations: 0, kills: 0, faultsFired: 0, takenOver: 0 };
  private generation = 0;

  private constructor(
    private readonly simulator: Simulator,
    private readonly engine: LifeEngine,
  ) {}

  static async begin(engineFor: EngineFor): Promise<Life> {
    const simulator = await startSimulator({ settings: { snapshotDurationMs: 25 } });
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

  async live(steps: readonly Step[]): Promise<Tally> {
    for (const step of steps) await this.take(step);
    await this.settle();
    this.judge();
    this.tally.takenOver = this.engine.said.filter((text) => text.startsWith("Took over")).length;
    return this.tally;
  }

  private async take(step: Step): Promise<void> {
    switch (step.do) {
      case "declare":
        if (this.program.has(step.name)) return;
        this.program.set(step.name, { cloudId: step.cloudId, triggers: [], retainOnDelete: false });
        return;
      case "remove":
      case "trigger":
      case "move":
      case "retain":
        return this.edit(step.do, step.name);
      case "outside":
        return this.meddle(step.what, step.pick);
      case "lag":
        this.simulator.cloud.setSettings({
          accountListingLagMs: step.account,
          serverListingLagMs: step.server,
        });
        return;
      case "up":
        if (step.fault !== undefined) this.simulator.faults.add(step.fault);
        await this.up(step.killAt);
        return;
      case "refresh":
        await this.refresh();
    }
  }

  private edit(what: "remove" | "trigger" | "move" | "retain", name: string): void {
    const declared = this.program.get(name);
    if (declared === undefined) return;
    const urn = this.engine.urnOf(name);
    // What a cut-short creation left is looked for by the next creation of the same resource on the same server. A
    // program that no longer wants one, or wants it elsewhere, never looks: `pulumi-utho report` lists such ones.
    if (this.interrupted.has(urn) && what !== "retain") this.excused.add(urn);
    this.generation += 1;
    if (what === "remove") this.program.delete(name);
    if (what === "trigger") declared.triggers = [`${this.generation}`];
    if (what === "move") declared.cloudId = declared.cloudId === "1001" ? "1002" : "1001";
    if (what === "retain") declared.retainOnDelete = !declared.retainOnDelete;
  }

  private meddle(what: "delete" | "rename" | "fail", pick: number): void {
    const all = this.simulator.cloud.snapshots();
    const chosen = all[pick % Math.max(1, all.length)];
    if (chosen === undefined) return;
    if (what === "delete") this.simulator.cloud.deleteSnapshot(chosen.id);
    if (what === "rename") this.simulator.cloud.renameSnapshot(chosen.id, `renamed ${chosen.id}`);
    if (what === "fail") this.simulator.cloud.failSnapshot(chosen.id);
    if (what === "delete") this.deletedOutside.add(chosen.id);
    // Under another name nothing recognises it any more.
    if (what === "rename" && !this.idsInState().has(chosen.id)) this.excused.add(chosen.id);
  }

  private async up(killAt?: number): Promise<Ended> {
    const before = new Set(this.idsInState());
    let requests = 0;
    const stop = this.simulator.requests.onArrival(() => {
      requests += 1;
      if (requests === killAt) this.engine.kill();
    });
    const ended = await this.engine.up(this.program);
    stop();
    this.count(ended);
    this.noteRetained(before);
    this.noteInterrupted(ended);
    this.nothingLost();
    return ended;
  }

  private async refresh(): Promise<Ended> {
    const ended = await this.engine.refresh();
    this.count(ended);
    this.nothingLost();
    return ended;
  }

  private count(ended: Ended): void {
    this.tally.operations += 1;
    if (ended.killed) this.tally.kills += 1;
  }

  /** An id that state no longer knows and the cloud still has was retained, or is owed a deletion. */
  private noteRetained(before: ReadonlySet<string>): void {
    const now = this.idsInState();
    for (const id of before) {
      if (!now.has(id) && this.simulator.cloud.snapshots().some((one) => one.id === id))
        this.retained.add(id);
    }
  }

  private noteInterrupted(ended: Ended): void {
    for (const name of this.program.keys()) {
      const urn = this.engine.urnOf(name);
      const good = !ended.killed && ended.errors.length === 0;
      if (good) this.interrupted.delete(urn);
      else this.interrupted.add(urn);
    }
  }

  /** Whatever state knows exists, unless somebody outside deleted it. */
  private nothingLost(): void {
    const inCloud = new Set(this.simulator.cloud.snapshots().map(({ id }) => id));
    for (const { id } of this.engine.state.values()) {
      const snapshotId = id.split("/")[1] ?? "";
      if (!inCloud.has(snapshotId) && !this.deletedOutside.has(snapshotId)) {
        throw new Error(`Snapshot ${id} is in state and was lost.`);
      }
    }
  }

  /** Calm weather: after the next runs all must be as declared. */
  private async settle(): Promise<void> {
    this.tally.faultsFired = this.simulator.requests.all().filter(({ faults }) => faults.length > 0).length;
    this.simulator.faults.clear();
    this.simulator.cloud.setSettings({ accountListingLagMs: 0, serverListingLagMs: 0 });
    this.decideAboutBadOnes();
    let last: Ended = { errors: ["not run"], killed: false };
    for (let round = 0; round < 4 && last.errors.length > 0; round += 1) {
      await this.refresh();
      last = await this.up();
    }
    if (last.errors.length > 0) throw new Error(`The program does not settle:\n${last.errors.join("\n")}`);
  }

  /** A snapshot that went bad after it was Active is left to the user, who asks for a new one. */
  private decideAboutBadOnes(): void {
    const bad = new Set(
      this.simulator.cloud.snapshots().flatMap(({ id, status }) => (status === "Error" ? [id] : [])),
    );
    for (const [name, declared] of this.program) {
      const id = this.engine.state.get(this.engine.urnOf(name))?.id.split("/")[1] ?? "";
      if (bad.has(id)) declared.triggers = [`${name} after ${id}`];
    }
  }

  private judge(): void {
    const cloud = new Map(this.simulator.cloud.snapshots().map((one) => [one.id, one]));
    const ids = this.idsInState();
    if (ids.size !== this.engine.state.size) throw new Error("Two resources stand for one snapshot.");
    if (this.engine.owed.length > 0) throw new Error("State still owes a deletion.");
    for (const [name, { cloudId }] of this.program) {
      const id = this.engine.state.get(this.engine.urnOf(name))?.id.split("/")[1];
      const snapshot = cloud.get(id ?? "");
      if (snapshot === undefined) throw new Error(`${name} has no snapshot in the cloud (state says ${id}).`);
      if (snapshot.cloudId !== cloudId) throw new Error(`${name} stands for a snapshot of another server.`);
      if (snapshot.status !== "Active")
        throw new Error(`${name} stands for a snapshot that is ${snapshot.status}.`);
    }
    for (const { id, name } of cloud.values()) {
      if (ids.has(id) || this.retained.has(id) || this.excused.has(id)) continue;
      if ([...this.excused].some((urn) => urn.endsWith(`::${name.split("-")[1]}`))) continue;
      throw new Error(`Snapshot ${id} (${name}) exists and nobody knows it.`);
    }
  }

  private idsInState(): Set<string> {
    const all = [...this.engine.state.values(), ...this.engine.owed];
    return new Set(all.map(({ id }) => id.split("/")[1] ?? ""));
  }
}
