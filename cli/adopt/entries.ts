import type { Server } from "../../client";
import type { CloudId } from "../../client/request";
import { DYNAMIC_TOKENS, shortened } from "../../provider/engine/inputs";
import { plain } from "../../provider/engine/values";
import { ProviderFailure } from "../../provider/failure";
import { checkSnapshot } from "../../provider/snapshot/check";
import { asSnapshotInputs, type SnapshotState, toState } from "../../provider/snapshot/contract";
import { merged } from "../../provider/utho/listing";
import { formatSnapshotId, markOf, TOKENS } from "../../provider/utho/names";
import { SNAPSHOT_FORWARDER, SNAPSHOT_TYPE } from "../../sdk/forwarder";
import { programOf } from "../stack/urn";
import type { PlacedSnapshot } from "./choose";

/** A snapshot as the program declares it, and as the state records it. */
export interface Adoption {
  logicalName: string;
  urn: string;
  /** `<cloudId>/<snapshotId>`. */
  id: string;
  /** What the program says. */
  args: { cloudId: CloudId; name?: string; adoptId?: string };
  inputs: Record<string, unknown>;
  outputs: SnapshotState;
  /** The inputs that a program registers; those that the provider's check adds are not among them. */
  registered: string[];
  /** Utho's number of the account; `undefined` where Utho does not give it. */
  accountId: string | undefined;
}

/** What an adoption is made from. */
interface AdoptionSources {
  snapshot: PlacedSnapshot;
  server: Server | undefined;
  logicalName: string;
  /** Of the stack's own resource, which is the parent. */
  stackUrn: string;
  /** The zone of the cloud's clock. */
  zone: () => string;
  accountId: string | undefined;
}

/** The resource as the provider itself would have recorded it, by the provider's own check and mapping. */
export function adoptionOf(sources: AdoptionSources): Adoption {
  const { snapshot, server, logicalName, stackUrn, zone, accountId } = sources;
  const { cloudId, id: snapshotId } = snapshot;
  const urn = [programOf(stackUrn), SNAPSHOT_TYPE, logicalName].join("::");
  const hidden = { resourceUrn: urn, __provider: SNAPSHOT_FORWARDER };
  const byName = { cloudId, name: snapshot.name };
  // A name that a program may not give, such as a blank one, leaves the number to name the snapshot by.
  const nameFits = checkSnapshot({ ...byName, ...hidden }).failures.length === 0;
  const args = nameFits ? byName : { cloudId, adoptId: snapshotId };
  const { inputs, failures } = checkSnapshot({ ...args, mark: markOf(urn), ...hidden });
  if (failures.length > 0) throw refusedByCheck(`${cloudId}/${snapshotId}`, failures[0]?.reason);
  const own = server?.snapshots?.find(({ id }) => id === snapshotId);
  const outputs = toState({
    inputs: asSnapshotInputs(inputs),
    snapshot: merged(own, snapshot),
    server,
    zone,
  });
  const id = formatSnapshotId({ cloudId, snapshotId });
  const registered = Object.keys({ ...args, ...hidden });
  return { logicalName, urn, id, args, inputs, outputs, registered, accountId };
}

/** The same as a resource of the plugin. Pulumi's own import reads it by its id, and so the program says no name. */
export function ofPlugin(adoption: Adoption): Adoption {
  const { args, urn } = adoption;
  return { ...adoption, urn: urn.replace(DYNAMIC_TOKENS, TOKENS), args: { cloudId: args.cloudId } };
}

/** The entry of the state, as the engine writes it after a creation. */
export function entryOf(
  adoption: Adoption,
  context: { stackUrn: string; provider: string; protect: boolean; now: number },
): object {
  const time = new Date(context.now).toISOString();
  return {
    urn: adoption.urn,
    custom: true,
    id: adoption.id,
    type: SNAPSHOT_TYPE,
    inputs: shortened(plain(adoption.inputs)),
    outputs: shortened(
      plain({ ...adoption.outputs, accountId: adoption.accountId, __provider: SNAPSHOT_FORWARDER }),
    ),
    parent: context.stackUrn,
    ...(context.protect ? { protect: true } : {}),
    provider: context.provider,
    propertyDependencies: Object.fromEntries(adoption.registered.map((key) => [key, []])),
    created: time,
    modified: time,
  };
}

function refusedByCheck(id: string, reason: string | undefined): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_ADOPT_REFUSED",
    attempted: `declare snapshot ${id}`,
    because: `the provider would refuse it: ${reason ?? "unknown reason"}.`,
    kept: "nothing was touched.",
    next: "leave that snapshot out, by --name-regex, --cloud-id or ids.",
  });
}
