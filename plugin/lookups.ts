import type { RawInputs } from "../provider/engine/inputs";
import { hasUnknown } from "../provider/engine/values";
import { checkFilters } from "../provider/lookup/filter";
import { TOKENS } from "../provider/utho/names";
import type { ProviderRuntime } from "../provider/utho/runtime";
import { unknownToken } from "./kinds";
import type { Values } from "./wire";

/**
 * Answers a look-up; nothing where a preview does not know what is looked for. An update may just have made what it
 * looks for, so only a preview shares answers.
 */
export async function lookUp(
  runtime: ProviderRuntime,
  token: string,
  filters: RawInputs,
  preview: boolean,
): Promise<Values> {
  if (hasUnknown(filters)) return {};
  const call = token.replace(TOKENS, "");
  const { explained, ...lookups } = await import("../provider/lookup/index.js");
  const maxAgeMs = preview ? undefined : 0;
  const answers: Record<string, () => Promise<object>> = {
    getServers: async () => ({ servers: await lookups.findServers(runtime, filters) }),
    getServer: () => lookups.findServer(runtime, filters),
    getSnapshots: async () => ({ snapshots: await lookups.findSnapshots(runtime, filters, maxAgeMs) }),
    getSnapshot: () => lookups.findSnapshot(runtime, filters, maxAgeMs),
  };
  const answer = answers[call];
  if (answer === undefined) throw unknownToken(token);
  checkFilters(call, filters);
  return { ...(await explained(call, answer)) };
}
