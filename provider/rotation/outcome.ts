import { redact } from "../../client/redact";
import type { ProviderFailure } from "../failure";
import type { RotationFailure } from "./contract";
import type { Member } from "./members";

/** What one run did on one server, and what it saw there last. */
export interface ServerOutcome {
  cloudId: string;
  /** `undefined`: the server's snapshots could not be looked at. */
  members: Member[] | undefined;
  /** Ids of those that became Active; one that failed, or is not ready yet, counts as no backup. */
  taken: string[];
  deleted: string[];
  neverData: string[];
  misdated: string[];
  errors: ProviderFailure[];
}

/** Of a server that nothing was done on yet. */
export function untouched(cloudId: string): ServerOutcome {
  return { cloudId, members: undefined, taken: [], deleted: [], neverData: [], misdated: [], errors: [] };
}

/** The same for the output, which is no place for the token, whatever the cloud's words repeat. */
export function failuresOf(outcomes: readonly ServerOutcome[], token: string): RotationFailure[] {
  return outcomes.flatMap(({ cloudId, errors }) =>
    errors.map(({ code, story }) => {
      const said = story.said === undefined || story.said === "" ? "" : ` Utho said: ${story.said}`;
      return {
        cloudId,
        code,
        reason: redact(`could not ${story.attempted}: ${story.because}${said}`, token),
      };
    }),
  );
}
