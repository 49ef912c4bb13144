import { SimulatorError } from "../error";
import type { OrderedOutcome } from "../rules/outcomes";
import type { World } from "../rules/world";
import type { SimulatorSettings } from "../settings/settings";
import type { ServerRecord } from "../store/server";
import type { SnapshotRecord } from "../store/snapshot";
import { readOutcome, readServerChange, type ServerChange } from "./inputs";
import { type SeedServer, type SeedSnapshot, seedServer, seedSnapshot } from "./seeds";
import {
  type OperationView,
  type ServerView,
  type SnapshotView,
  viewOperation,
  viewServer,
  viewSnapshot,
} from "./views";

/**
 * The simulated cloud out of band: what a person in the console, or fate, does behind an API client's back,
 * and how things truly are. No rule of the API applies here. Every method throws `SimulatorError`
 * `SIMULATOR_UNKNOWN_ID` on a server or snapshot that does not exist.
 */
export class SimulatorCloud {
  constructor(private readonly world: World) {}

  /** The present moment of the simulator's clock, in milliseconds since 1970. */
  now(): number {
    return this.world.now();
  }

  /** Moves the clock forward; whatever ends by then has ended. */
  advance(ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) {
      throw new SimulatorError(
        "SIMULATOR_BAD_ARGUMENT",
        `The clock moves forward by milliseconds, not by ${ms}.`,
      );
    }
    this.world.clock.advance(ms);
    this.world.now();
  }

  /** The settings as they are now. */
  settings(): SimulatorSettings {
    return this.world.settings;
  }

  /** Changes settings; what is already under way keeps its course. @throws SimulatorError `SIMULATOR_BAD_SETTING` */
  setSettings(changes: Partial<SimulatorSettings>): void {
    this.world.change(changes);
  }

  /** Orders an end for coming operations. @throws SimulatorError `SIMULATOR_BAD_ARGUMENT` */
  nextOutcome(order: OrderedOutcome): void {
    this.world.outcomes.add(readOutcome(order));
  }

  /** Every server that exists, in the order in which they were added. */
  servers(): ServerView[] {
    this.world.now();
    return [...this.world.state.servers.values()].map((one) => viewServer(this.world, one));
  }

  /** One server by its id. */
  server(cloudId: string): ServerView {
    return viewServer(this.world, this.#server(cloudId));
  }

  /**
   * A server made by hand, Active at once unless its seed says otherwise.
   *
   * @throws SimulatorError `SIMULATOR_BAD_SEED`
   */
  addServer(seed: SeedServer): ServerView {
    const server = seedServer(this.world, seed, this.world.now());
    this.world.state.addServer(server);
    return viewServer(this.world, server);
  }

  /** Takes a server away at once; its snapshots stay or go as the settings say. */
  removeServer(cloudId: string): void {
    const server = this.#server(cloudId);
    const { snapshotsSurviveServer } = this.world.settings;
    this.world.state.removeServer(server.cloudId, this.world.now(), snapshotsSurviveServer);
  }

  /** Changes what is given; `status: null` takes a status word back. @throws SimulatorError `SIMULATOR_BAD_ARGUMENT` */
  changeServer(cloudId: string, change: ServerChange): ServerView {
    const server = this.#server(cloudId);
    const { status, powerState, ...rest } = readServerChange(change);
    Object.assign(server, rest);
    if (powerState !== undefined) server.power = powerState;
    if (status === null) delete server.statusOverride;
    else if (status !== undefined) server.statusOverride = status;
    return viewServer(this.world, server);
  }

  /** Writes to a server's disk. */
  setContents(cloudId: string, contents: string): void {
    this.changeServer(cloudId, { contents });
  }

  /** Brings all that is under way on a server to its end at once. */
  endOperations(cloudId: string, outcome: "success" | "failure" = "success"): void {
    const now = this.world.now();
    for (const one of this.world.state.openOperations(cloudId)) this.world.state.finish(one, now, outcome);
  }

  /** Everything that was done to a server, of the account or of one, ended or under way, oldest first. */
  operations(cloudId?: string): OperationView[] {
    const now = this.world.now();
    return [...this.world.state.operations.values()]
      .filter((one) => one.hidden !== true && (cloudId === undefined || one.cloudId === cloudId))
      .map((one) => viewOperation(one, now));
  }

  /** Snapshots that exist, of the account or of one server, oldest entry first. */
  snapshots(cloudId?: string): SnapshotView[] {
    this.world.now();
    return this.world.state.livingSnapshots(cloudId).map((one) => viewSnapshot(this.world, one));
  }

  /** One snapshot by its id. */
  snapshot(id: string): SnapshotView {
    return viewSnapshot(this.world, this.#snapshot(id));
  }

  /** A snapshot made by hand, Active at once. @throws SimulatorError `SIMULATOR_BAD_SEED` */
  addSnapshot(seed: SeedSnapshot): SnapshotView {
    const snapshot = seedSnapshot(this.world, seed, this.world.now());
    this.world.state.addSnapshot(snapshot);
    return viewSnapshot(this.world, snapshot);
  }

  /** Takes a snapshot away at once, as a person in the console would. */
  deleteSnapshot(id: string): void {
    this.world.state.removeSnapshot(this.#snapshot(id).id, this.world.now());
  }

  /** Gives a snapshot another name. Listings may show the old one for `listingsDisagreeForMs`. */
  renameSnapshot(id: string, name: string): void {
    const snapshot = this.#snapshot(id);
    const until = this.world.now() + this.world.settings.listingsDisagreeForMs;
    snapshot.formerName = { name: snapshot.name, until };
    snapshot.name = name;
  }

  /** Ends a snapshot as failed, be it in the making or Active. */
  failSnapshot(id: string): void {
    this.#endSnapshot(this.#snapshot(id), "failed");
  }

  /** Ends a snapshot as Active, be it in the making or failed. */
  completeSnapshot(id: string): void {
    this.#endSnapshot(this.#snapshot(id), "active");
  }

  /** Gives a snapshot this status word in place of the computed one; `undefined` takes it back. */
  setStatus(id: string, status: string | undefined): void {
    const snapshot = this.#snapshot(id);
    if (status === undefined) delete snapshot.statusOverride;
    else snapshot.statusOverride = status;
  }

  /** Changes the size that the listings show. */
  setSize(id: string, sizeGb: number): void {
    this.#snapshot(id).sizeGb = sizeGb;
  }

  #endSnapshot(snapshot: SnapshotRecord, state: "active" | "failed"): void {
    const now = this.world.now();
    const making = this.world.state
      .openOperations(snapshot.cloudId)
      .filter((one) => one.kind === "snapshot" && one.snapshotId === snapshot.id);
    for (const one of making) this.world.state.finish(one, now, state === "active" ? "success" : "failure");
    snapshot.state = state;
  }

  #server(cloudId: string): ServerRecord {
    this.world.now();
    const server = this.world.state.servers.get(cloudId);
    if (server === undefined) throw unknownId("server", cloudId);
    return server;
  }

  #snapshot(id: string): SnapshotRecord {
    this.world.now();
    const snapshot = this.world.state.snapshots.get(id);
    if (snapshot === undefined || snapshot.deletedAt !== undefined) throw unknownId("snapshot", id);
    return snapshot;
  }
}

function unknownId(noun: string, id: string): SimulatorError {
  return new SimulatorError("SIMULATOR_UNKNOWN_ID", `There is no ${noun} ${id} in the simulated cloud.`);
}
