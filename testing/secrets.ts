import * as pulumi from "@pulumi/pulumi";
import { plain, UNKNOWN } from "../provider/engine/values";

/** What a test's mocks are handed of a resource, as the engine's plugin would get it. */
export interface GivenInputs {
  /** Secrets in clear; what a preview does not know yet is marked so, and what was left out is not there. */
  inputs: Record<string, unknown>;
  /** Inputs that held a secret. */
  secrets: ReadonlySet<string>;
}

/** Reads the inputs that Pulumi hands to mocks: secrets come wrapped, and the unknown as an object of its own. */
export function readInputs(given: object): GivenInputs {
  const secrets = new Set<string>();
  const inputs: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    if (pulumi.runtime.isRpcSecret(value)) secrets.add(key);
    inputs[key] = asSent(value);
  }
  return { inputs: plain(inputs), secrets };
}

/** A value as the engine sends it to a provider that knows no secrets. */
function asSent(value: unknown): unknown {
  const open: unknown = pulumi.runtime.unwrapRpcSecret(value);
  if (pulumi.isUnknown(open)) return UNKNOWN;
  if (Array.isArray(open)) return open.map(asSent);
  if (typeof open !== "object" || open === null) return open;
  return Object.fromEntries(Object.entries(open).map(([key, inner]) => [key, asSent(inner)]));
}

/** What a program exports: secrets in clear, `undefined` for what a preview does not know. */
export function inClear(value: unknown): unknown {
  const open: unknown = pulumi.runtime.unwrapRpcSecret(value);
  if (open === UNKNOWN) return undefined;
  if (Array.isArray(open)) return open.map(inClear);
  if (typeof open !== "object" || open === null) return open;
  return Object.fromEntries(Object.entries(open).map(([key, inner]) => [key, inClear(inner)]));
}

/** Outputs with the named ones secret, as the engine marks those of a provider that knows no secrets. */
export function withSecrets(
  outputs: Record<string, unknown>,
  secrets: ReadonlySet<string>,
): Record<string, unknown> {
  const marked = Object.entries(outputs).map(([key, value]) => [
    key,
    secrets.has(key) ? pulumi.secret(value) : value,
  ]);
  return Object.fromEntries(marked);
}
