import { ProviderFailure } from "../../provider/failure";

/** The failure of a state that cannot be read: nothing is known then, and nothing may be called in sync. */
export function unreadable(origin: string, because: string, next: string, cause?: unknown): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_STACK",
    attempted: `read the state of ${origin}`,
    because,
    kept: "nothing was touched.",
    next,
    cause,
  });
}

export const EXPORT_AGAIN =
  "write the file with `pulumi stack export --file <file>`, and give it as it is; run `pulumi up` once if the stack is new.";
