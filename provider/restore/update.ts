import type { Made } from "../engine/inputs";
import { plain, sealTriggers } from "../engine/values";
import type { ProviderRuntime } from "../utho/runtime";
import { inTurn } from "../utho/turn";
import { type RestoreInputs, type RestoreState, subjectOf } from "./contract";
import { Restoration } from "./create";
import { isChangeBack } from "./diff";

/** Goes on with a restore that did not end; a change back to what was restored before restores nothing. */
export async function updateRestore(
  runtime: ProviderRuntime,
  id: string,
  olds: RestoreState,
  news: RestoreInputs,
): Promise<Made> {
  if (isChangeBack(olds, news)) return { id, outs: await noteChangeBack(runtime, olds, news) };
  if (olds.phase === "restored") return { id, outs: plain({ ...olds, ...hidden(news) }) };
  return inTurn(runtime, "update", subjectOf(news), async (operation) => {
    return { id, outs: await new Restoration(operation, news, olds, id, runtime.memory).run() };
  });
}

async function noteChangeBack(
  runtime: ProviderRuntime,
  olds: RestoreState,
  news: RestoreInputs,
): Promise<Record<string, unknown>> {
  const last = olds.restoredSnapshotId ?? olds.snapshot;
  const text = `Nothing was restored: this resource has restored snapshot ${news.snapshot} with these triggers before, and does so once. Server ${olds.cloudId} stays as it is, last put to snapshot ${last}. To restore it again, change \`triggers\`.`;
  await runtime.say(news.resourceUrn, "warn", text);
  const changed = { snapshot: news.snapshot, triggersDigest: sealTriggers(news.triggers) };
  return plain({ ...olds, ...changed, ...hidden(news), phase: "restored" });
}

/** Undefined counts: what the program says no more is not kept. */
function hidden({ resourceUrn, timeouts }: RestoreInputs): object {
  return { resourceUrn, timeouts };
}
