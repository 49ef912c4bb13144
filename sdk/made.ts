import * as pulumi from "@pulumi/pulumi";

/**
 * The same output, known only once every resource that it comes from is made. The name of a snapshot yet to be made is
 * known in a preview already, and looking for it then would find nothing; Pulumi's own functions wait in the same way.
 */
export function onceMade<T>(output: pulumi.Output<T>): pulumi.Output<T> {
  const ids = pulumi.output(idsBehind(output));
  return ids.apply(() => output);
}

async function idsBehind(output: pulumi.Output<unknown>): Promise<pulumi.Output<pulumi.ID>[]> {
  const resources = await resourcesBehind(output);
  return [...resources].flatMap((resource) => {
    if (!pulumi.CustomResource.isInstance(resource)) return [];
    const { id }: { id?: pulumi.Output<pulumi.ID> } = resource;
    return id === undefined ? [] : [id];
  });
}

/** Pulumi's own functions ask in this way too, but its declarations do not tell of it. */
async function resourcesBehind(output: pulumi.Output<unknown>): Promise<Iterable<unknown>> {
  const ask: unknown = Reflect.get(output, "allResources");
  const resources: unknown = typeof ask === "function" ? await ask.call(output) : [];
  return isIterable(resources) ? resources : [];
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.iterator in value;
}
