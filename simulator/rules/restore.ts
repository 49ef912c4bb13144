import type { Effect, PowerState } from "../store/operation";
import type { ServerRecord } from "../store/server";
import type { SnapshotRecord } from "../store/snapshot";
import { requireIdle } from "./busy";
import { requireServer, requireSnapshotOf } from "./lookup";
import { Refusal } from "./refusal";
import { requireUsable } from "./snapshots";
import type { World } from "./world";

/** Begins to overwrite a server's disk with one of its own snapshots; the server restarts. */
export function restoreSnapshot(world: World, cloudId: string, snapshotId: string): SnapshotRecord {
  const now = world.now();
  const { settings, state } = world;
  const server = requireServer(world, cloudId);
  const snapshot = requireSnapshotOf(world, cloudId, snapshotId);
  requireUsable(world, snapshot);
  if (settings.restoreDiskRule === "sameSize" && server.diskGb !== snapshot.sizeGb) {
    throw new Refusal("invalid", "The disk of this server is not of the size of the snapshot");
  }
  requireIdle(world, cloudId);
  const outcome = world.outcomes.take("restore", cloudId, settings.restoreOutcome);
  state.begin({
    kind: "restore",
    cloudId,
    snapshotId,
    startedAt: now,
    endsAt: outcome === "never" ? Number.POSITIVE_INFINITY : now + settings.restoreDurationMs,
    outcome: outcome === "fails" ? "failure" : "success",
    holdsServer: true,
    stopsServer: true,
    effect: overwrite(snapshot, powerAfter(world, server)),
  });
  state.settle(now);
  return snapshot;
}

function powerAfter(world: World, server: ServerRecord): PowerState {
  return world.settings.restoreLeaves === "running" ? "Running" : server.power;
}

function overwrite(snapshot: SnapshotRecord, power: PowerState): Effect {
  return { do: "overwriteDisk", contents: snapshot.contents, power };
}
