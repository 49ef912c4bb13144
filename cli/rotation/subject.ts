import { compact } from "../../client/compact";
import type { CloudId } from "../../client/request";
import { ProviderFailure } from "../../provider/failure";
import { timesProblem } from "../../provider/rotation/check";
import { asRotationInputs, type RotationSettings } from "../../provider/rotation/contract";
import { Known, memberTime } from "../../provider/rotation/members";
import { asRotationState } from "../../provider/rotation/state";
import { parseGeneratedName } from "../../provider/utho/names";
import { ROTATION_TYPE } from "../../sdk/forwarder";
import { UsageError } from "../screen/terminal";
import { memberTimeOf } from "../stack/membership";
import { type ProviderConfig, providerOf } from "../stack/providers";
import type { StackState, StateResource } from "../stack/state";
import { logicalNameOf } from "../stack/urn";
import { keepIn, type RotationPlanFlags } from "./flags";

/** A rotation that is to be planned, and how its snapshots are known. */
export interface RotationSubject {
  /** As a person calls it: the resource's logical name, or the prefix of the names. */
  name: string;
  cloudIds: readonly CloudId[];
  /** Servers that left the rotation, and whose snapshots expire. */
  departed: readonly CloudId[];
  settings: RotationSettings;
  /** The provider of the program that it was declared with; `undefined`: it is of the stack's account. */
  provider: ProviderConfig | undefined;
  known: Known;
  /** When a snapshot of this name was asked for, in milliseconds; `undefined`: it does not belong to the rotation. */
  takenAt(name: string): number | undefined;
}

/** The rotation of the options. @throws UsageError if they leave something out */
export function subjectOfFlags(flags: RotationPlanFlags): RotationSubject {
  const { cloudId: cloudIds = [], prefix, mark, every } = flags;
  if (prefix === undefined && mark === undefined) {
    throw new UsageError("--prefix or --mark is wanted too: which snapshots are the rotation's?");
  }
  if (every === undefined) throw new UsageError("--every is wanted too: how often is a snapshot taken?");
  const keep = keepIn(flags);
  if (Object.values(keep).every((value) => value === 0)) {
    throw new UsageError("a --keep-… option above 0 is wanted too: this policy would keep nothing");
  }
  const times = timesOf(flags, {});
  const values = { cloudIds, every, ...times, keep, timeZone: flags.timeZone, minKeep: flags.minKeep };
  const inputs = asRotationInputs(values);
  return {
    name: prefix ?? mark ?? "",
    cloudIds: inputs.cloudIds,
    departed: [],
    settings: inputs,
    provider: undefined,
    known: new Known(undefined, inputs),
    takenAt: (name) =>
      memberTime(name, { mark: mark ?? parseGeneratedName(name)?.mark ?? "", prefixes: [prefix ?? ""] }),
  };
}

/**
 * The rotations in a stack's state, under the policy that it holds; the options override it, so
 * that a change can be tried.
 * @throws ProviderFailure `UTHO_STACK` where it holds none
 */
export function subjectsOfState(state: StackState, flags: RotationPlanFlags): RotationSubject[] {
  const { resources, origin } = state;
  // What is marked for deletion was replaced, and its successor stands in the state too.
  const rotations = resources.filter((one) => one.type === ROTATION_TYPE && !one.delete && !one.external);
  if (rotations.length > 0) return rotations.map((one) => subjectOf(one, providerOf(state, one), flags));
  throw new ProviderFailure({
    code: "UTHO_STACK",
    attempted: `find the rotations of ${origin}`,
    because: "its state holds no SnapshotRotation.",
    kept: "nothing was touched.",
    next: "name another stack or file, or give a policy by --cloud-id.",
  });
}

function subjectOf(
  resource: StateResource,
  provider: ProviderConfig | undefined,
  flags: RotationPlanFlags,
): RotationSubject {
  const { urn, outputs } = resource;
  const held = asRotationState(outputs);
  const keep = keepIn(flags);
  const inputs = compact({
    ...held,
    every: flags.every ?? held.every,
    ...timesOf(flags, held),
    keep: Object.keys(keep).length > 0 ? keep : held.keep,
    timeZone: flags.timeZone ?? held.timeZone,
    minKeep: flags.minKeep ?? held.minKeep,
  });
  return {
    name: logicalNameOf(urn),
    cloudIds: inputs.cloudIds,
    departed: held.leaving ?? [],
    settings: inputs,
    provider,
    known: new Known(held, inputs),
    takenAt: (name) => memberTimeOf(resource, name),
  };
}

/** The option for one of `at` and `between` stands for both, since they exclude each other. */
function timesOf({ every, at, between }: RotationPlanFlags, held: Partial<RotationSettings>): Times {
  const times =
    at === undefined && between === undefined ? { at: held.at, between: held.between } : { at, between };
  const problem = timesProblem({ every: every ?? held.every, ...times });
  if (problem !== undefined) throw new UsageError(problem);
  return times;
}

interface Times {
  at: string | undefined;
  between: string[] | undefined;
}
