import type {
  Policies,
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { expect } from "vitest";

/** One resource as the engine would hand it to a policy pack. */
export interface Declared {
  kind: "Snapshot" | "SnapshotRestore" | "ServerClone" | "SnapshotRotation";
  name: string;
  props?: Record<string, unknown>;
  protect?: boolean;
  /** Names of resources that `cloudId` comes from. */
  cloudIdFrom?: string[];
}

/** "<rule> <resource>: <message>" of each violation, which are the same for resources of the plugin. */
export async function violationsOf(policies: Policies, resources: readonly Declared[]): Promise<string[]> {
  const found = await violationsIn(policies, resources, "pulumi-nodejs:dynamic/utho:");
  expect(await violationsIn(policies, resources, "utho:index:")).toEqual(found);
  return found;
}

async function violationsIn(
  policies: Policies,
  resources: readonly Declared[],
  tokens: string,
): Promise<string[]> {
  const found: string[] = [];
  const handed = resources.map((one) => handedOver(one, tokens));
  for (const resource of handed) {
    resource.propertyDependencies = {
      cloudId: handed.filter(({ name }) => declaredAs(resources, resource.name)?.cloudIdFrom?.includes(name)),
    };
  }
  for (const policy of policies) {
    const report = (about: string) => (message: string, urn?: string) =>
      void found.push(`${policy.name} ${urn?.split("::").pop() ?? about}: ${message}`);
    if (isStackPolicy(policy)) {
      const unused = { stackTags: new Map<string, string>(), getConfig: never, notApplicable: never };
      await policy.validateStack({ resources: handed, ...unused }, report("stack"));
    } else {
      await validateEach(policy, handed, report);
    }
  }
  return found;
}

async function validateEach(
  policy: ResourceValidationPolicy,
  resources: readonly PolicyResource[],
  report: (about: string) => (message: string, urn?: string) => void,
): Promise<void> {
  const rules = [policy.validateResource ?? []].flat();
  for (const { type, name, urn, props, opts } of resources) {
    const args: ResourceValidationArgs = {
      ...{ type, name, urn, props, opts, stackTags: new Map() },
      ...{ isType: never, asType: never, getConfig: never, notApplicable: never },
    };
    for (const rule of rules) await rule(args, report(name));
  }
}

function declaredAs(resources: readonly Declared[], name: string): Declared | undefined {
  return resources.find((one) => one.name === name);
}

function handedOver({ kind, name, props = {}, protect = false }: Declared, tokens: string): PolicyResource {
  const type = `${tokens}${kind}`;
  const customTimeouts = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };
  return {
    ...{ type, name, props, urn: `urn:pulumi:prod::shop::${type}::${name}` },
    opts: { protect, ignoreChanges: [], aliases: [], customTimeouts, additionalSecretOutputs: [] },
    ...{ dependencies: [], propertyDependencies: {}, isType: never, asType: never },
  };
}

function isStackPolicy(policy: Policies[number]): policy is StackValidationPolicy {
  return "validateStack" in policy;
}

function never(): never {
  throw new Error("No rule asks for this.");
}
