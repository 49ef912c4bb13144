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

/**
 * What the snapshot comes from where the program does not write its id itself, which only the SDK can see; `undefined`
 * for an id in the program's text.
 */
export function originOf(given: unknown): pulumi.Input<Origin> | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === "string") return hasAnswered(given) ? "computed" : undefined;
  return resourcesBehind(pulumi.output(given)).then((resources) => {
    const rotated = [...resources].some(
      (one) => pulumi.Resource.isInstance(one) && isOfType(one, ROTATION_TYPE),
    );
    return rotated ? "rotation" : "computed";
  });
}
