import type { Server } from "../../client";
import type { CloudId } from "../../client/request";
import type { ReadAnswer } from "../engine/inputs";
import { plain } from "../engine/values";
import { REFRESH_WINDOW_MS } from "../utho/listing";
import type { Account, ProviderRuntime } from "../utho/runtime";
import { type CloneState, factsOf } from "./contract";

/**
 * The server by its own answer or by the list of servers, which must lack it too before it is believed gone (`undefined`):
 * a clone that is dropped from state while it runs costs money for ever. Throws where it may be another account's.
 */
export async function findClone(
  account: Account,
  id: CloudId,
  { snapshot }: CloneState,
  notBefore: number,
): Promise<Server | undefined> {
  const own = await account.listing.server(id, notBefore);
  const server = own ?? (await account.client.servers.list()).find(({ cloudId }) => cloudId === id);
  if (server !== undefined) return server;
  await account.identity.confirm(`server ${id}`, async () => {
    const [source = ""] = snapshot.split("/");
    return source !== "" && (await account.client.servers.get(source)) !== undefined;
  });
  return undefined;
}

export async function readClone(
  runtime: ProviderRuntime,
  id: CloudId,
  state: CloneState,
): Promise<ReadAnswer> {
  const account = await runtime.account();
  const server = await findClone(account, id, state, runtime.clock.now() - REFRESH_WINDOW_MS);
  if (server === undefined) return { id: "", props: {} };
  return { id, props: plain({ ...state, cloudId: id, ...factsOf(server, state) }) };
}
