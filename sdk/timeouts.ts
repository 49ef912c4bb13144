import type { CustomTimeouts } from "@pulumi/pulumi";
import { parseDuration } from "../provider/duration";
import { ProviderFailure } from "../provider/failure";

/**
 * The timeouts of a resource's options, as the hidden input by which they reach the provider: the engine keeps
 * `customTimeouts` from dynamic providers. Checked here, since the engine itself refuses most bad ones before the
 * provider is asked, in words that name no option and no way out.
 *
 * Errors: `UTHO_INPUT_TIMEOUT`.
 */
export function checkedTimeouts(
  name: string,
  timeouts: CustomTimeouts | undefined,
): CustomTimeouts | undefined {
  for (const [key, value] of Object.entries(timeouts ?? {})) {
    if (value === undefined || (typeof value === "string" && (parseDuration(value) ?? 0) > 0)) continue;
    throw new ProviderFailure({
      code: "UTHO_INPUT_TIMEOUT",
      attempted: `declare the resource "${name}"`,
      because: `its option customTimeouts.${key} is ${JSON.stringify(value)}, which is no duration above 0.`,
      kept: "nothing was touched.",
      next: 'write a number with a unit, "45m" or "1h30m"; leave it out for the default.',
    });
  }
  return timeouts;
}
