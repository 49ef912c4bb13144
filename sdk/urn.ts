import * as pulumi from "@pulumi/pulumi";

const STACK_TYPE = "pulumi:pulumi:Stack";

/**
 * The URN that a resource will have, as a plain value. `pulumi.createUrn` gives an output that depends on the parent,
 * and a dependency on a component is one on all of its children: two of them with such an input wait for each other
 * for ever. The parent's URN itself is known as soon as the parent is registered, which its children wait for anyway.
 */
export function urnOf(
  name: string,
  type: string,
  parent: pulumi.Resource | undefined,
): string | Promise<string> {
  const own = (head: string, above: string): string => `${head}::${above}${type}::${name}`;
  if (parent === undefined) {
    return own(`urn:pulumi:${pulumi.runtime.getStack()}::${pulumi.runtime.getProject()}`, "");
  }
  return plainUrn(parent).then((urn) => {
    // Only the last part, the name, may hold "::" itself.
    const [stack = "", project = "", typeAbove = ""] = urn.split("::");
    return own(`${stack}::${project}`, typeAbove === STACK_TYPE ? "" : `${typeAbove}$`);
  });
}

/**
 * An output's promise is not in Pulumi's declarations, though copies of Pulumi of different versions ask each other for
 * it. Where it is missing `apply` gives the value too, but not the failure of a parent that cannot be registered.
 */
function plainUrn({ urn }: pulumi.Resource): Promise<string> {
  const ask: unknown = Reflect.get(urn, "promise");
  if (typeof ask === "function") return ask.call(urn);
  return new Promise((known) => urn.apply(known));
}
