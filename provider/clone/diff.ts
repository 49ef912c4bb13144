import type { Server } from "../../client";
import type { CloudId } from "../../client/request";
import type { Difference, RawInputs } from "../engine/inputs";
import { replacementText } from "../engine/progress";
import { isUnknown } from "../engine/values";
import { costOf } from "../utho/facts";
import type { ProviderRuntime } from "../utho/runtime";
import { isFailure, isRunning, statusOf } from "../utho/status";
import { asCloneInputs, type CloneInputs, type CloneState } from "./contract";

/**
 * Compares state with the program, and decides what counts as drift. Only what the program says of the server itself
 * replaces it. The snapshot, keys, firewall and billing are read at creation; a change of them never replaces a
 * running server. The one exception was never a server: one that failed before it was ever ready.
 */
export function diffClone(olds: CloneState, news: CloneInputs): Difference {
  const { declaredHostname = olds.hostname, recorded } = olds;
  const replaces = [
    ...(news.hostname !== olds.hostname && news.hostname !== declaredHostname ? ["hostname"] : []),
    ...(news.planId !== olds.planId ? ["planId"] : []),
    ...(news.dcslug !== undefined && news.dcslug !== olds.dcslug ? ["dcslug"] : []),
    ...(news.vpcId !== olds.vpcId ? ["vpcId"] : []),
    ...((news.enablePublicIp ?? true) !== (olds.enablePublicIp ?? true) ? ["enablePublicIp"] : []),
    ...(isFailure(olds.status) && recorded === undefined ? ["status"] : []),
  ];
  const hasDrifted = olds.hostname !== recorded?.hostname || !isReady(statusOf(olds));
  const noted = (news.finalSnapshot ?? false) === (olds.finalSnapshot ?? false);
  return { changes: replaces.length > 0 || hasDrifted || !noted, replaces };
}

/** Active and Running; a word that Utho's answer leaves out is not held against the server. */
export function isReady(server: Pick<Server, "status" | "powerStatus">): boolean {
  return (server.status?.is ?? "active") === "active" && isRunning(server);
}

/** Says what is deployed, and what ends it: the engine asks nothing when it previews a removal. */
export async function announceCreation(runtime: ProviderRuntime, news: RawInputs): Promise<void> {
  const { adoptId, finalSnapshot, hostname, resourceUrn, snapshot } = asCloneInputs(news);
  const source = isUnknown(snapshot)
    ? "a snapshot that is not known before the update"
    : `snapshot ${snapshot}`;
  const name = isUnknown(hostname) ? "A server" : `A server ${hostname}`;
  const what =
    adoptId === undefined
      ? `${name} is deployed from ${source}.`
      : `Server ${adoptId} is taken into the program.`;
  const end = `It is destroyed, with its disk, once this resource is removed or replaced${finalText(finalSnapshot)}.`;
  await runtime.say(resourceUrn, "info", `${what} ${end}`);
}

function finalText(isTaken: boolean | undefined): string {
  return isTaken === true ? `, after a final snapshot that is kept and costs ${costOf({})}` : "";
}

export async function announceReplacement(
  runtime: ProviderRuntime,
  id: CloudId,
  { finalSnapshot, hostname }: CloneState,
  replaces: readonly string[],
  news: RawInputs,
): Promise<void> {
  const { finalSnapshot: wanted = finalSnapshot, resourceUrn } = asCloneInputs(news);
  const verb = `is destroyed, with its disk${finalText(wanted)},`;
  const text = replacementText(`Server ${id} (${hostname})`, verb, replaces, news);
  await runtime.say(resourceUrn, "info", text);
}
