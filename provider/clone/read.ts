import { plain } from "../plain";
import type { ProviderRuntime } from "../runtime";
import type { CloneState } from "./contract";
import { factsOf } from "./state";

/** How old an answer a read may use. */
const REFRESH_WINDOW_MS = 60_000;

/**
 * Reads the server. It is given up as gone only after the list of servers lacks it too, because a clone that is
 * believed gone is deployed again.
 */
export async function readClone(
  runtime: ProviderRuntime,
  id: string,
  state: CloneState,
): Promise<{ id: string; props: Record<string, unknown> }> {
  const account = await runtime.account();
  const notBefore = runtime.clock.now() - REFRESH_WINDOW_MS;
  const own = await account.listing.server(id, notBefore);
  const server = own ?? (await account.client.servers.list()).find(({ cloudId }) => cloudId === id);
  if (server === undefined) return { id: "", props: {} };
  return { id, props: plain({ ...state, cloudId: id, ...factsOf(server, state) }) };
}
