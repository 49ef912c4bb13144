import type { FailureStory, ProviderFailure } from "../failure";
import type { RotationInputs } from "./contract";
import type { ServerOutcome } from "./outcome";
import { prefixOf } from "./settings";

/** So many servers are told of in full; the output `failures` holds all. */
const LONGEST_LIST = 5;

/** What went wrong on which server, and what was done on the others. */
export function incompleteStory(
  inputs: RotationInputs,
  outcomes: readonly ServerOutcome[],
  cause: ProviderFailure,
): FailureStory {
  const failed = outcomes.filter(({ errors }) => errors.length > 0);
  const taken = outcomes.flatMap((one) => one.taken).length;
  const deleted = outcomes.flatMap((one) => one.deleted).length;
  const told = failed.slice(0, LONGEST_LIST).map(({ cloudId, errors }) => {
    const reasons = errors.map(({ code, story }) => `${code}: ${story.because}`);
    return `server ${cloudId}: ${reasons.join(" ")}`;
  });
  const rest = failed.length - told.length;
  const more = rest > 0 ? `; and ${rest} more, see the output "failures"` : "";
  return {
    code: "UTHO_ROTATION_INCOMPLETE",
    attempted: `rotate the snapshots "${prefixOf(inputs)}-…" of ${servers(outcomes.length)}`,
    because: `${failed.length} of ${servers(outcomes.length)} did not end well: ${told.join("; ")}${more}`,
    ...(cause.story.said === undefined ? {} : { said: cause.story.said }),
    kept: `all that was done is in state: ${taken} taken, ${deleted} deleted. Where a snapshot failed, nothing was deleted.`,
    next: "run again: the next `pulumi up` goes on with what failed and takes no second snapshot elsewhere.",
    cause,
  };
}

function servers(count: number): string {
  return count === 1 ? "1 server" : `${count} servers`;
}
