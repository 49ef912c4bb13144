import * as pulumi from "@pulumi/pulumi";
import type { LookupFilters } from "../provider/lookup/types";
import type { ProviderRuntime } from "../provider/utho/runtime";

/** {@link LookupFilters} with inputs that may not be known yet. */
export type LookupInputs = Omit<{ [K in keyof LookupFilters]: pulumi.Input<LookupFilters[K]> }, "status"> & {
  /** As in {@link LookupFilters}. */
  status?: pulumi.Input<string | pulumi.Input<string>[] | undefined>;
};

type Lookups = typeof import("../provider/lookup");

let runtime: ProviderRuntime | undefined;

/** Whether this program has declared a resource that changes what there is. */
let declared = false;

/** Told by each resource: look-ups share answers, which a resource makes stale as soon as it is made. */
export function noteDeclaration(): void {
  declared = true;
}

/** What a look-up is asked with. */
export interface Asking {
  lookups: Lookups;
  runtime: ProviderRuntime;
  /** How old an answer may be that an earlier look-up got, in milliseconds; `undefined`: the default. */
  maxAgeMs: number | undefined;
}

/**
 * Runs a look-up. Dynamic providers have no invokes, so it asks Utho from within the program; where a test has set
 * Pulumi's mocks, it asks the mock's `call` instead. What talks HTTP is loaded only now: a program without look-ups
 * must not pay for it.
 */
export async function lookUp<T>(
  token: string,
  filters: LookupFilters,
  ask: (asking: Asking) => Promise<T>,
): Promise<T> {
  if (isMocked()) return pulumi.runtime.invoke(token, { ...filters });
  const lookups = await import("../provider/lookup/index.js");
  runtime ??= lookups.lookupRuntime((key) => pulumi.runtime.getConfig(key));
  const maxAgeMs = declared && !pulumi.runtime.isDryRun() ? 0 : undefined;
  const call = token.slice(token.lastIndexOf(":") + 1);
  return lookups.explained(call, ask({ lookups, runtime, maxAgeMs }));
}

/** Whether `pulumi.runtime.setMocks` is in force. Pulumi has no public question for it. */
function isMocked(): boolean {
  return pulumi.runtime.hasMonitor() && monitorName() === "MockMonitor";
}

function monitorName(): string | undefined {
  const monitor: unknown = pulumi.runtime.getMonitor();
  return typeof monitor === "object" && monitor !== null ? monitor.constructor.name : undefined;
}
