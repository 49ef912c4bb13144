import * as pulumi from "@pulumi/pulumi";
import type { Origin } from "../provider/restore/contract";
import { ROTATION_TYPE } from "./forwarder";
import { resourcesBehind } from "./made";
import { isOfType } from "./resource";
import { hasAnswered } from "./run";
import { Snapshot } from "./snapshot";

/** The arguments with the id of the given Snapshot in its place; the resource then depends on it. */
export function withSourceId<T extends object>(args: T): T {
  // A program in JavaScript may leave anything out: that is for the provider to refuse.
  const given: unknown = Reflect.get(args ?? {}, "snapshot");
  if (given === undefined || given === null || typeof given === "string") return args;
  const snapshot = pulumi.output(given).apply((one) => (Snapshot.isInstance(one) ? one.id : one));
  return { ...args, snapshot };
}

/** What only the SDK can see of a snapshot whose id the program does not write itself: nothing of an id in its text. */
interface Provenance {
  origin?: pulumi.Input<Origin>;
  /** URNs of the Snapshots that it comes from. */
  sources?: pulumi.Input<pulumi.Output<string>[] | undefined>;
}

/** Where the snapshot of these arguments comes from; with `withSourceId` they hold its id. */
export function provenanceOf({ snapshot: given }: { snapshot?: unknown }): Provenance {
  if (given === undefined || given === null) return {};
  if (typeof given === "string") return hasAnswered(given) ? { origin: "computed" } : {};
  const behind = resourcesBehind(pulumi.output(given)).then((all) => [...all].filter(isResource));
  return {
    origin: behind.then((all) => (all.some((one) => isOfType(one, ROTATION_TYPE)) ? "rotation" : "computed")),
    sources: behind.then((all) => {
      const urns = all.filter((one) => Snapshot.isInstance(one)).map(({ urn }) => urn);
      return urns.length > 0 ? urns : undefined;
    }),
  };
}

function isResource(value: unknown): value is pulumi.Resource {
  return pulumi.Resource.isInstance(value);
}
