import { plain } from "../provider/engine/values";
import { explained, findServer, findServers, findSnapshot, findSnapshots } from "../provider/lookup";
import type { LookupFilters } from "../provider/lookup/types";
import type { ProviderRuntime } from "../provider/utho/runtime";

type LookUp = (runtime: ProviderRuntime, filters: LookupFilters) => Promise<object>;

/** A program that has declared something must not get an answer from before. */
const FRESH = 0;

const LOOK_UPS: Readonly<Record<string, LookUp>> = {
  getServer: findServer,
  getServers: async (runtime, filters) => ({ servers: await findServers(runtime, filters) }),
  getSnapshot: (runtime, filters) => findSnapshot(runtime, filters, FRESH),
  getSnapshots: async (runtime, filters) => ({ snapshots: await findSnapshots(runtime, filters, FRESH) }),
};

/** The answer to a look-up of this package, from the simulated Utho; `undefined` for anything else. */
export async function answerOf(
  runtime: ProviderRuntime,
  token: string,
  filters: LookupFilters,
): Promise<Record<string, unknown> | undefined> {
  const [, call = ""] = /^utho:index:(\w+)$/.exec(token) ?? [];
  const lookUp = LOOK_UPS[call];
  if (lookUp === undefined) return undefined;
  return plain(await explained(call, () => lookUp(runtime, filters)));
}
