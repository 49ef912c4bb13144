import type { PowerState } from "../store/operation";
import type { ServerRecord } from "../store/server";
import type { World } from "./world";

/** What the answers show as `powerstatus`: a server that restarts is off for a while. */
export function visiblePower(world: World, server: ServerRecord): PowerState {
  const stopped = world.state.openOperations(server.cloudId).some((one) => one.stopsServer);
  return stopped ? "Stopped" : server.power;
}

/** What the answers show as `status`. */
export function serverStatus(world: World, server: ServerRecord): string {
  if (server.statusOverride !== undefined) return server.statusOverride;
  if (server.deployment === "underway") return "Pending";
  if (server.deployment === "failed") return world.settings.failureWord;
  return visiblePower(world, server) === "Stopped" ? world.settings.stoppedServerStatus : "Active";
}
