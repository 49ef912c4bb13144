import * as pulumi from "@pulumi/pulumi";

type Dependencies = pulumi.InvokeOutputOptions["dependsOn"];

/**
 * The same output, known only once every resource that it comes from is made, and those that are named besides. The
 * name of a snapshot yet to be made is known in a preview already, and looking for it then would find nothing;
 * Pulumi's own functions wait in the same way.
 */
export function onceMade<T>(output: pulumi.Output<T>, besides?: Dependencies): pulumi.Output<T> {
  const ids = pulumi.output(idsBehind(output));
  if (besides === undefined) return ids.apply(() => output);
  const named = pulumi.output(besides).apply((resources) => pulumi.output(idsOf(withChildren(resources))));
  return pulumi.all([ids, named]).apply(() => output);
}

async function idsBehind(output: pulumi.Output<unknown>): Promise<pulumi.Output<pulumi.ID>[]> {
  return idsOf(await resourcesBehind(output));
}

function idsOf(resources: Iterable<unknown>): pulumi.Output<pulumi.ID>[] {
  return [...resources].flatMap((resource) => {
    if (!pulumi.CustomResource.isInstance(resource)) return [];
    const { id }: { id?: pulumi.Output<pulumi.ID> } = resource;
    return id === undefined ? [] : [id];
  });
}

/** Pulumi's own functions ask in this way too, but its type declarations leave it out. */
export async function resourcesBehind(output: pulumi.Output<unknown>): Promise<Iterable<unknown>> {
  const ask: unknown = Reflect.get(output, "allResources");
  const resources: unknown = typeof ask === "function" ? await ask.call(output) : [];
  return isIterable(resources) ? resources : [];
}

/** What Pulumi takes a dependency on a component for: one on all that it has declared. */
function withChildren(resources: unknown): Set<unknown> {
  const found = new Set<unknown>(isIterable(resources) ? resources : [resources]);
  // What is added while a set is walked through is walked through as well.
  for (const resource of found) {
    if (!pulumi.ComponentResource.isInstance(resource)) continue;
    const children: unknown = Reflect.get(resource, "__childResources");
    for (const child of isIterable(children) ? children : []) found.add(child);
  }
  return found;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
