import { accountRoutes } from "./account";
import { actionRoutes } from "./actions";
import { catalogueRoutes } from "./catalogue";
import type { Route } from "./route";
import { serverRoutes } from "./servers";
import { snapshotRoutes } from "./snapshots";

/** Every call that the simulator answers. */
export const routes: readonly Route[] = [
  ...serverRoutes,
  ...snapshotRoutes,
  ...actionRoutes,
  ...accountRoutes,
  ...catalogueRoutes,
];
