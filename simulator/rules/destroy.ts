import type { ServerRecord } from "../store/server";
import { requireServer } from "./lookup";
import { Refusal } from "./refusal";
import type { World } from "./world";

/** The sentence without which no server is destroyed. */
export const destroyConfirmation = "I am aware this action will delete data and server permanently";

/** Begins to destroy a server. One that is still being deployed can be destroyed; another busy one cannot. */
export function destroyServer(world: World, cloudId: string, body: Record<string, unknown>): ServerRecord {
  const now = world.now();
  const { settings, state } = world;
  const server = requireServer(world, cloudId);
  requireConfirmation(world, server, body);
  const busy = state.openOperations(cloudId).some((one) => one.holdsServer && one.kind !== "deploy");
  if (busy && settings.busyRule === "refuse") throw new Refusal("busy", settings.busyWording);
  state.begin({
    kind: "destroy",
    cloudId,
    startedAt: now,
    endsAt: now + settings.destroyDurationMs,
    outcome: "success",
    holdsServer: true,
    stopsServer: true,
    effect: { do: "removeServer", keepSnapshots: settings.snapshotsSurviveServer },
  });
  state.settle(now);
  return server;
}

function requireConfirmation(world: World, server: ServerRecord, body: Record<string, unknown>): void {
  const { destroyConfirmation: wanted, unconfirmedWording } = world.settings;
  const given = {
    sentence: body.confirm === destroyConfirmation,
    hostname: body.confirm === server.hostname,
    confirmName: body.confirm_name === server.hostname,
  };
  if (wanted === "any" ? Object.values(given).includes(true) : given[wanted]) return;
  const asked =
    wanted === "sentence" || wanted === "any"
      ? `Please confirm with the sentence: ${destroyConfirmation}`
      : "Please confirm with the name of the server";
  throw new Refusal("invalid", unconfirmedWording ?? asked);
}
