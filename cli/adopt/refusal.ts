import { ProviderFailure } from "../../provider/failure";
import type { StackState } from "../stack/state";
import type { LeftAlone } from "./choose";

/** A run that did not end may have made a snapshot that its next run takes over; it must not be adopted before. */
export function refusePending({ interrupted }: StackState, stack: string): void {
  const [first, ...others] = interrupted;
  if (first === undefined) return;
  throw new ProviderFailure({
    code: "UTHO_ADOPT_REFUSED",
    attempted: `take snapshots into stack ${stack}`,
    because: `an interrupted run of it is still pending (${first}${others.length > 0 ? ", …" : ""}).`,
    kept: "nothing was touched.",
    next: "run `pulumi up` first: it takes over what the interrupted run left.",
  });
}

/** The user named snapshots, and not all of them can be taken over: then none is. */
export function refused(left: readonly LeftAlone[], stack: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_ADOPT_REFUSED",
    attempted: `take the named snapshots into stack ${stack}`,
    because: left.map(({ id, why }) => `${id}: ${why}`).join("; "),
    kept: "nothing was touched, not for the other named ones either.",
    next: "leave out what cannot be taken over.",
  });
}

/** Another run wrote to the stack between our look and our write. */
export function changedMeanwhile(stack: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_ADOPT_CHANGED",
    attempted: `take snapshots into stack ${stack}`,
    because: "its state was changed by another run between the first look and the change.",
    kept: "the other run's state; nothing of the adoption was written.",
    next: "wait until no other run is active, and run the command again.",
  });
}
