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
  const isSmaller = server.diskGb < snapshot.sizeGb;
  const { restoreDiskRule: rule } = settings;
  if ((rule === "sameSize" && server.diskGb !== snapshot.sizeGb) || (rule === "notSmaller" && isSmaller)) {
    throw new Refusal("invalid", settings.restoreDiskWording);
  }
  requireIdle(world, cloudId);
  const usual = rule === "failsIfSmaller" && isSmaller ? "fails" : settings.restoreOutcome;
  const outcome = world.outcomes.take("restore", cloudId, usual);
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
