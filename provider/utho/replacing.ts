import type { RawInputs } from "../engine/inputs";
import { hasUnknown } from "../engine/unknown";

/**
 * What a replacement removes, in one sentence. `retainOnDelete` counts as the state has it, which the provider does not
 * see.
 * @param what what is removed, as the subject of the sentence, for example "Snapshot 1001/5001 (golden)"
 * @param verb for example "is deleted"
 * @param because the inputs that force the replacement
 */
export function replacementText(
  what: string,
  verb: string,
  because: readonly string[],
  news: RawInputs,
): string {
  // A resource that failed before it was ever ready is replaced for its status, which is no input.
  const reason = because.map((key) => (key === "status" ? "it failed" : key)).join(", ");
  if (because.every((key) => hasUnknown(news[key]))) {
    return `Not known before the update: ${reason}. If it changes, ${what} ${verb}, unless retainOnDelete was set before.`;
  }
  return `${what} ${verb} by this replacement (${reason}), unless retainOnDelete was set before.`;
}
