import { silentProgress } from "../../../provider/engine/progress";
import { type GuardedProvider, providersOf } from "../../../provider/guard";
import { ProviderRuntime } from "../../../provider/utho/runtime";
import { UNKNOWN_STATUS } from "../../../provider/utho/status";
import { DOOR, type Door } from "../../support/doors";
import { throughPlugin } from "../../support/plugin-door";
import type { OtherUtho } from "./other-utho";
import { TOKEN } from "./other-utho";

type Props = Record<string, unknown>;

const urnOf = (kind: string): string => `urn:pulumi:dev::life::pulumi-nodejs:dynamic/utho:${kind}::one`;

/** Every `open` is an operation of the engine: a process of its own, which remembers nothing of another. */
class Programs {
  constructor(
    private readonly utho: OtherUtho,
    private readonly home: string,
    private readonly door: Door,
  ) {}

  open(kind: "Snapshot" | "SnapshotRestore" | "ServerClone"): GuardedProvider {
    const env = { PULUMI_HOME: this.home };
    const { clock } = this.utho;
    const runtime = new ProviderRuntime({ env, clock, progress: () => silentProgress });
    const config: Record<string, string> = {
      "utho:token": TOKEN,
      "utho:endpoint": this.utho.url,
      "utho:pollInterval": "10ms",
      "utho:listingLag": "200ms",
      "utho:maxRetries": "1",
    };
    runtime.configure((key) => config[key]);
    return this.door === "plugin" ? throughPlugin(runtime, kind) : providersOf(runtime)[kind];
  }
}

/** Runs everything the package does, and collects each problem as one line. */
export async function liveThrough(utho: OtherUtho, home: string, door = DOOR): Promise<string[]> {
  const life = new Life(utho, new Programs(utho, home, door));
  const chapters: readonly (readonly [string, () => Promise<void>])[] = [
    ["create", () => life.create()],
    ["no-op", () => life.noOp()],
    ["refresh", () => life.refresh()],
    ["drift", () => life.drift()],
    ["replace", () => life.replace()],
    ["powerOff", () => life.consistent()],
    ["restore", () => life.restore()],
    ["clone", () => life.clone()],
    ["vanish", () => life.vanish()],
    ["delete", () => life.remove()],
  ];
  for (const [chapter, run] of chapters) {
    try {
      await run();
    } catch (error) {
      return [`${chapter}: ${error instanceof Error ? error.message : String(error)}`];
    }
  }
  return life.wrong;
}

class Life {
  readonly wrong: string[] = [];
  private inputs: Props = { cloudId: "1001", resourceUrn: urnOf("Snapshot"), timeouts: LIMITS };
  private id = "";
  private state: Props = {};

  constructor(
    private readonly utho: OtherUtho,
    private readonly programs: Programs,
  ) {}

  private must(what: string, holds: boolean): void {
    if (!holds) this.wrong.push(what);
  }

  private deedsSince<T>(work: () => Promise<T>): Promise<string[]> {
    const before = this.utho.deeds.length;
    return work().then(() => this.utho.deeds.slice(before));
  }

  async create(): Promise<void> {
    this.utho.keepBusy(1001, 60);
    const provider = this.programs.open("Snapshot");
    const { inputs, failures } = await provider.check({}, this.inputs);
    this.must(`check: ${failures.map(({ reason }) => reason).join()}`, failures.length === 0);
    this.inputs = inputs;
    const { id, outs } = await provider.create(inputs);
    Object.assign(this, { id, state: outs });
    this.onlyOurs("after create");
    // Only the account's listing shows a status. Without it the state says "unknown", and no run waits for a status.
    const hasStatus = this.utho.choices.accountListing !== "none";
    this.must(`create: status ${outs.status}`, hasStatus === (outs.status !== UNKNOWN_STATUS));
    const ready = this.utho.ours().every((one) => one.ready <= this.utho.clock.now());
    this.must("create: not ready", ready || !hasStatus);
  }

  /** Exactly the one snapshot that state knows exists. */
  private onlyOurs(when: string): void {
    const ids = this.utho.ours().map(({ server, id }) => `${server}/${id}`);
    this.must(`${when}: state has ${this.id}, the cloud ${ids.join(" ")}`, ids.join() === this.id);
  }

  async noOp(): Promise<void> {
    const provider = this.programs.open("Snapshot");
    const { inputs } = await provider.check(this.inputs, this.inputs);
    const difference = await provider.diff(this.id, this.state, inputs);
    this.must(`no-op: ${JSON.stringify(difference)}`, !difference.changes);
  }

  async refresh(): Promise<void> {
    const provider = this.programs.open("Snapshot");
    const { id, props } = await provider.read(this.id, this.state);
    this.must(`refresh: read gives ${id}`, id === this.id);
    const difference = await provider.diff(id, props, this.inputs);
    this.must(`refresh: drift ${JSON.stringify([difference, props, this.state])}`, !difference.changes);
  }

  async drift(): Promise<void> {
    const [only] = this.utho.ours();
    if (only === undefined) throw new Error("nothing there");
    const { name } = only;
    only.name = "renamed outside";
    const provider = this.programs.open("Snapshot");
    const { props } = await provider.read(this.id, this.state);
    const difference = await provider.diff(this.id, props, this.inputs);
    this.must("drift: a rename is not seen", difference.changes && difference.replaces.length === 0);
    only.name = name;
  }

  async replace(): Promise<void> {
    const provider = this.programs.open("Snapshot");
    const wanted = { ...this.inputs, triggers: ["v2"] } as Props;
    const { inputs } = await provider.check(this.inputs, wanted);
    const { replaces } = await provider.diff(this.id, this.state, inputs);
    this.must("replace: not wanted", replaces.join() === "triggers");
    const fresh = await provider.check({}, wanted);
    const old = { id: this.id, state: this.state };
    const { id, outs } = await provider.create(fresh.inputs);
    this.must("replace: the old one went first", this.utho.ours().length === 2);
    await provider.delete(old.id, old.state);
    Object.assign(this, { id, state: outs, inputs: fresh.inputs });
    this.onlyOurs("after replace");
  }

  async consistent(): Promise<void> {
    const provider = this.programs.open("Snapshot");
    const wanted = { cloudId: "1002", powerOff: true, resourceUrn: urnOf("Snapshot2"), timeouts: LIMITS };
    const { inputs } = await provider.check({}, wanted);
    let made: { id: string; outs: Props } = { id: "", outs: {} };
    const deeds = await this.deedsSince(async () => {
      made = await provider.create(inputs);
    });
    const order = deeds.map((deed) => deed.split("/").slice(3).join("/")).join();
    this.must(`powerOff: ${order}`, order === "poweroff,snapshot/create,poweron");
    this.must("powerOff: left off", this.utho.servers.get(1002)?.on === true);
    await this.programs.open("Snapshot").delete(made.id, made.outs);
    this.onlyOurs("after powerOff");
  }

  async restore(): Promise<void> {
    const server = this.utho.servers.get(1001);
    if (server === undefined) throw new Error("no server");
    server.contents = "broken by an upgrade";
    const inputs = { snapshot: this.id, resourceUrn: urnOf("SnapshotRestore"), timeouts: LIMITS };
    const provider = this.programs.open("SnapshotRestore");
    const { inputs: checked } = await provider.check({}, inputs);
    let made: Awaited<ReturnType<typeof provider.create>> | undefined;
    const asked = await this.deedsSince(async () => {
      made = await provider.create(checked);
    });
    if (made === undefined) throw new Error("no restore");
    const { id, outs } = made;
    const times = asked.filter((deed) => deed.endsWith("/restore")).length;
    this.must(`restore: asked for ${times} times`, times === 1);
    this.must("restore: the disk is not as it was", server.contents === "web-1 as it was");
    this.must("restore: the server does not run", server.on);
    const safety = this.utho.living(1001).filter(({ contents }) => contents === "broken by an upgrade");
    this.must("restore: no safety snapshot", `1001/${safety[0]?.id}` === outs.safetySnapshotId);
    server.contents = "work since";
    const deeds = await this.deedsSince(async () => {
      const again = this.programs.open("SnapshotRestore");
      const { props } = await again.read(id, outs);
      const { changes } = await again.diff(id, props, inputs);
      this.must("restore: wants to fire again", !changes);
      await again.delete(id, props);
    });
    this.must(`restore: ${deeds.join()}`, deeds.length === 1 && server.contents === "work since");
    this.onlyOurs("after the restore was removed");
  }

  async clone(): Promise<void> {
    const inputs = {
      snapshot: this.id,
      hostname: "copy",
      planId: "10045",
      resourceUrn: urnOf("ServerClone"),
      timeouts: LIMITS,
    };
    const provider = this.programs.open("ServerClone");
    const checked = await provider.check({}, inputs);
    let made: { id: string; outs: Props } = { id: "", outs: {} };
    const deeds = await this.deedsSince(async () => {
      made = await provider.create(checked.inputs);
    });
    const { id, outs } = made;
    this.must(`clone: ${deeds.join()}`, deeds.join() === "POST /cloud/deploy");
    const copies = [...this.utho.servers.values()].filter(({ hostname }) => hostname === "copy");
    this.must("clone: not one server", copies.map((one) => String(one.id)).join() === id);
    this.must("clone: other contents", copies[0]?.contents === "web-1 as it was");
    this.must("clone: no password", outs.password === "p4ssword of a clone");
    const again = this.programs.open("ServerClone");
    const read = await again.read(id, outs);
    this.must(`clone: read gives ${read.id}`, read.id === id);
    const { changes } = await again.diff(id, read.props, inputs);
    this.must(`clone: drift ${JSON.stringify(read.props)}`, !changes);
    await this.programs.open("ServerClone").delete(id, read.props);
    this.must("clone: not destroyed", !this.utho.servers.has(Number(id)));
    this.must("clone: read after", (await this.programs.open("ServerClone").read(id, outs)).id === "");
  }

  async vanish(): Promise<void> {
    this.utho.deleteOutside(Number(this.id.split("/")[1]));
    const { deletedStaysMs, deletedStaysOnServer } = this.utho.choices;
    // For as long as Utho lists it everywhere it is there; only then is it gone.
    if (deletedStaysOnServer) await this.utho.clock.sleep(deletedStaysMs + 50);
    const { id } = await this.programs.open("Snapshot").read(this.id, this.state);
    this.must(`vanish: read gives ${id}`, id === "");
    const provider = this.programs.open("Snapshot");
    const { inputs } = await provider.check({}, { ...this.inputs, name: undefined });
    const { id: fresh, outs } = await provider.create(inputs);
    Object.assign(this, { id: fresh, state: outs, inputs });
    this.onlyOurs("after the vanished one was made again");
  }

  async remove(): Promise<void> {
    await this.programs.open("Snapshot").delete(this.id, this.state);
    this.must("delete: still there", this.utho.ours().length === 0);
    // Once more, as after a kill: it is gone, and that is fine.
    await this.programs.open("Snapshot").delete(this.id, this.state);
  }
}

const LIMITS = { create: "6s", update: "6s", delete: "6s" };
