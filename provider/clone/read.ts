import type { Server } from "../../client";
import type { CloudId } from "../../client/request";
import type { ReadAnswer } from "../engine/inputs";
import { plain } from "../engine/values";
import { REFRESH_WINDOW_MS } from "../utho/listing";
import type { Account, ProviderRuntime } from "../utho/runtime";
import { type CloneState, factsOf } from "./contract";

/** The server in the list of servers, which must lack it too before it is believed gone. */
export async function listedServer(account: Account, id: CloudId): Promise<Server | undefined> {
  return (await account.client.servers.list()).find(({ cloudId }) => cloudId === id);
}

/** Throws where a server that was not found may be another account's, and so is not gone. */
export async function confirmDestroyed(
  account: Account,
  id: CloudId,
  { snapshot }: Pick<CloneState, "snapshot">,
): Promise<void> {
  await account.identity.confirm(`server ${id}`, async () => {
    const [source = ""] = snapshot.split("/");
    return source !== "" && (await account.client.servers.get(source)) !== undefined;
  });
}

/** Gone only where the list of servers lacks it too: a clone that is believed gone is deployed again. */
export async function readClone(
  runtime: ProviderRuntime,
  id: CloudId,
  state: CloneState,
): Promise<ReadAnswer> {
  const account = await runtime.account();
  const notBefore = runtime.clock.now() - REFRESH_WINDOW_MS;
  const server = (await account.listing.server(id, notBefore)) ?? (await listedServer(account, id));
  if (server === undefined) {
    await confirmDestroyed(account, id, state);
    return { id: "", props: {} };
  }
  return { id, props: plain({ ...state, cloudId: id, ...factsOf(server, state) }) };
}
