import { compact } from "../../client/compact";
import type { CloudId } from "../../client/request";
import { ProviderFailure } from "../../provider/failure";
import { timesProblem } from "../../provider/rotation/check";
import { asRotationInputs, type RotationSettings } from "../../provider/rotation/contract";
import { Known, memberTime, waitOf } from "../../provider/rotation/members";
import type { RotationSnapshot } from "../../provider/rotation/plan/types";
import { asRotationState } from "../../provider/rotation/state";
import { parseGeneratedName, parseSnapshotId } from "../../provider/utho/names";
import { ROTATION_TYPE } from "../../sdk/forwarder";
import { UsageError } from "../screen/terminal";
import { Ownership } from "../stack/ownership";
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
  /** How long a busy server may be waited for, in milliseconds: a name may be older than its snapshot by this. */
  waitMs: number;
  /** Why it spares one that the policy would delete: another resource of the stack has or needs it. */
  whyKept(snapshot: RotationSnapshot): string | undefined;
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
    known: new KnownByFlags(prefix, mark),
    waitMs: waitOf(undefined),
    whyKept: () => undefined,
  };
}

/** Without a mark any will do: the prefix decides alone then. */
class KnownByFlags extends Known {
  constructor(
    prefix: string | undefined,
    private readonly marked: string | undefined,
  ) {
    super(undefined, { mark: marked ?? "", ownPrefix: prefix ?? "" });
  }

  override timeIn(name: string): number | undefined {
    const mark = this.marked ?? parseGeneratedName(name)?.mark ?? "";
    return memberTime(name, { mark, prefixes: this.prefixes });
  }
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
  if (rotations.length > 0) return rotations.map((one) => subjectOf(one, state, flags));
  throw new ProviderFailure({
    code: "UTHO_STACK",
    attempted: `find the rotations of ${origin}`,
    because: "its state holds no SnapshotRotation.",
    kept: "nothing was touched.",
    next: "name another stack or file, or give a policy by --cloud-id.",
  });
}

function subjectOf(resource: StateResource, state: StackState, flags: RotationPlanFlags): RotationSubject {
  const { urn, outputs, hidden } = resource;
  const [encrypted] = hidden;
  if (encrypted !== undefined) throw notReadable(logicalNameOf(urn), encrypted, state.origin);
  const ownership = new Ownership([state]);
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
  const known = new Known(held, inputs);
  return {
    name: logicalNameOf(urn),
    cloudIds: inputs.cloudIds,
    departed: held.leaving ?? [],
    settings: inputs,
    provider: providerOf(state, resource),
    known,
    waitMs: waitOf(held.timeouts),
    whyKept: ({ id, cloudId, name }) => {
      const { snapshotId } = parseSnapshotId(id);
      const user = ownership.userOf({ id: snapshotId, cloudId, name }, resource);
      if (user !== undefined) return `${user.kind} ${user.name} has or needs it`;
      return known.whySpared(id);
    },
  };
}

/** A plan for other servers or by another policy than the rotation's own would be wrong, and look right. */
function notReadable(name: string, key: string, origin: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_STACK",
    attempted: `plan the rotation ${name}`,
    because: `its ${key} is encrypted in ${origin}.`,
    kept: "nothing was touched.",
    next: "give a file of `pulumi stack export --show-secrets` by --state.",
  });
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
