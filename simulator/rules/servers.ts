import type { PowerState } from "../store/operation";
import type { ServerRecord } from "../store/server";
import type { World } from "./world";

/** What the answers show as `powerstatus`: a server that restarts is off for a while. */
export function visiblePower(world: World, server: ServerRecord): PowerState {
  const stopped = world.state.openOperations(server.cloudId).some((one) => one.stopsServer);
  return stopped ? "Stopped" : server.power;
}

/** Whether it is off, and no poweroff has still to come true. */
export function isReallyOff(world: World, server: ServerRecord): boolean {
  const isLate = world.state.openOperations(server.cloudId).some((one) => one.kind === "poweroff");
  return server.power === "Stopped" && !isLate;
}

/** The word for it. */
export function powerWord(world: World, server: ServerRecord): string {
  return visiblePower(world, server) === "Stopped" ? world.settings.stoppedPowerWord : "Running";
}

/** What the answers show as `status`. */
export function serverStatus(world: World, server: ServerRecord): string {
  if (server.statusOverride !== undefined) return server.statusOverride;
  if (server.deployment === "underway") {
    return (server.imagedFrom ?? Number.POSITIVE_INFINITY) <= world.now() ? "Active" : "Pending";
  }
  if (server.deployment === "failed") return world.settings.failureWord;
  return visiblePower(world, server) === "Stopped" ? world.settings.stoppedServerStatus : "Active";
}
