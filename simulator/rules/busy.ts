import { Refusal } from "./refusal";
import type { World } from "./world";

/** Refuses a second operation on a server, unless the settings let it through. */
export function requireIdle(world: World, cloudId: string): void {
  if (world.settings.busyRule === "accept") return;
  if (isBusy(world, cloudId)) throw new Refusal("busy", world.settings.busyWording);
}

/** Whether an operation that holds the server is under way. */
export function isBusy(world: World, cloudId: string): boolean {
  return world.state.openOperations(cloudId).some((one) => one.holdsServer);
}
