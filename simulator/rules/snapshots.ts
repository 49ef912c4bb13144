import type { SnapshotIds } from "../settings/settings";
import type { ServerRecord } from "../store/server";
import type { SnapshotRecord } from "../store/snapshot";
import { requireIdle } from "./busy";
import { requireCredit } from "./credit";
import { requireServer, requireSnapshotOf } from "./lookup";
import { storedName } from "./names";
import { Refusal } from "./refusal";
import { isReallyOff } from "./servers";
import type { World } from "./world";

/** Begins a snapshot of a server's disk as it is at this moment. */
export function createSnapshot(world: World, cloudId: string, name: unknown): SnapshotRecord {
  const now = world.now();
  const { settings, state } = world;
  const server = requireServer(world, cloudId);
  const checkedName = storedName(world, cloudId, name);
  requireIdle(world, cloudId);
  requireOff(world, server);
  requireCredit(world);
  requireRoom(world, cloudId);
  const outcome = world.outcomes.take("snapshot", cloudId, settings.snapshotOutcome);
  const snapshot: SnapshotRecord = {
    id: state.newId("snapshot"),
    cloudId,
    name: checkedName,
    zone: server.zone,
    image: server.image,
    sizeGb: server.diskGb,
    storage: settings.storageWord,
    note: "",
    contents: server.contents,
    createdAt: now,
    knownSince: now,
    state: "pending",
  };
  state.addSnapshot(snapshot);
  state.begin({
    kind: "snapshot",
    cloudId,
    snapshotId: snapshot.id,
    startedAt: now,
    endsAt: outcome === "never" ? Number.POSITIVE_INFINITY : now + settings.snapshotDurationMs,
    outcome: outcome === "failed" ? "failure" : "success",
    holdsServer: true,
    stopsServer: false,
    effect: { do: "nothing" },
  });
  state.settle(now);
  return snapshot;
}

function requireOff(world: World, server: ServerRecord): void {
  const { runningSnapshots, runningSnapshotWording } = world.settings;
  if (runningSnapshots === "accept" || isReallyOff(world, server)) return;
  throw new Refusal("invalid", runningSnapshotWording);
}

function requireRoom({ settings, state }: World, cloudId: string): void {
  const { serverSnapshotLimit, snapshotLimit, snapshotLimitWording } = settings;
  const isFull =
    state.livingSnapshots().length >= (snapshotLimit ?? Number.POSITIVE_INFINITY) ||
    state.livingSnapshots(cloudId).length >= (serverSnapshotLimit ?? Number.POSITIVE_INFINITY);
  if (isFull) throw new Refusal("conflict", snapshotLimitWording);
}

/** Begins the deletion of a snapshot. Asking again while it is under way changes nothing. */
export function deleteSnapshot(world: World, cloudId: string, snapshotId: string): SnapshotRecord {
  const now = world.now();
  const { settings, state } = world;
  if (settings.orphanSnapshotDelete === "notFound") requireServer(world, cloudId);
  const snapshot = requireSnapshotOf(world, cloudId, snapshotId);
  if (isBeingDeleted(world, snapshot)) return snapshot;
  if (isAmong(settings.lockedSnapshots, snapshotId)) throw new Refusal("conflict", settings.lockedWording);
  if (settings.deletesCountAsBusy) requireIdle(world, cloudId);
  const usual = isAmong(settings.stayingSnapshots, snapshotId) ? "stays" : "removes";
  const outcome = world.outcomes.take("delete", cloudId, usual);
  state.begin({
    kind: "deleteSnapshot",
    cloudId,
    snapshotId,
    startedAt: now,
    endsAt: now + settings.deleteDurationMs,
    outcome: "success",
    holdsServer: settings.deletesCountAsBusy,
    stopsServer: false,
    effect: { do: outcome === "stays" ? "nothing" : "removeSnapshot" },
  });
  state.settle(now);
  return snapshot;
}

function isAmong(ids: SnapshotIds, snapshotId: string): boolean {
  return ids === "all" || ids.includes(snapshotId);
}

/** Whether its deletion has been asked for and is not done. */
function isBeingDeleted(world: World, snapshot: SnapshotRecord): boolean {
  return world.state
    .openOperations(snapshot.cloudId)
    .some((one) => one.kind === "deleteSnapshot" && one.snapshotId === snapshot.id);
}

/** The status word of a snapshot, where an answer carries one. */
export function snapshotStatus(world: World, snapshot: SnapshotRecord): string {
  const { settings } = world;
  if (snapshot.statusOverride !== undefined) return snapshot.statusOverride;
  if (isBeingDeleted(world, snapshot)) return settings.deletingStatusWord;
  return { pending: settings.pendingStatusWord, active: "Active", failed: settings.failureWord }[
    snapshot.state
  ];
}

/** Only such a snapshot can be restored or deployed. */
export function requireUsable(world: World, snapshot: SnapshotRecord): void {
  const status = snapshotStatus(world, snapshot);
  if (status !== "Active")
    throw new Refusal("invalid", `This snapshot cannot be used, its status is ${status}`);
}
