import type { Server } from "../../client";
import type { CloudId } from "../../client/request";
import type { Made } from "../engine/inputs";
import { plain } from "../engine/values";
import { ProviderFailure } from "../failure";
import type { ProviderRuntime } from "../utho/runtime";
import { inTurn } from "../utho/turn";
import { type CloneInputs, type CloneState, factsOf } from "./contract";
import { untilServerReady } from "./create";

/** Waits, or switches the server on; another hostname is noted, since Utho cannot change it back. */
export function updateClone(
  runtime: ProviderRuntime,
  id: CloudId,
  olds: CloneState,
  news: CloneInputs,
): Promise<Made> {
  const { resourceUrn, timeouts } = news;
  return inTurn(runtime, "update", { cloudId: id, resourceUrn, timeouts }, async (operation) => {
    let last: Server | undefined = await operation.account.listing.server(id, operation.clock.now());
    if (last === undefined)
      throw new ProviderFailure({
        code: "UTHO_CLONE_VANISHED",
        attempted: `update server ${id}`,
        because: "Utho no longer knows it: it was destroyed outside.",
        kept: "the entry in the state.",
        next: "run `pulumi up --refresh`: it drops the entry from state and deploys a new server.",
      });
    await untilServerReady(operation, id, olds.recorded === undefined, (server) => {
      last = server;
    });
    const facts = factsOf(last, olds);
    const before = olds.recorded?.hostname;
    if (before !== undefined && before !== facts.hostname) {
      operation.progress.warn(
        `Server ${id} was renamed outside, from ${before} to ${facts.hostname}. It is kept as it is; set hostname: "${facts.hostname}" to agree.`,
      );
    }
    const recorded = { hostname: facts.hostname };
    const { finalSnapshot } = news;
    return { id, outs: plain({ ...olds, ...facts, recorded, finalSnapshot, resourceUrn, timeouts }) };
  });
}
