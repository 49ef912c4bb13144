import * as pulumi from "@pulumi/pulumi";
import { checkFilters } from "../provider/lookup/filter";
import type { LookupFilters } from "../provider/lookup/types";
import type { ProviderRuntime } from "../provider/utho/runtime";
import { accountOf, configurationOf, providerOf } from "./account";
import { onceMade } from "./made";
import { connectionsOfThisRun, hasDeclared, isMocked } from "./run";

/** {@link LookupFilters} with inputs that may not be known yet. */
export type LookupInputs = Omit<{ [K in keyof LookupFilters]: pulumi.Input<LookupFilters[K]> }, "status"> & {
  /** As in {@link LookupFilters}. */
  status?: pulumi.Input<string | pulumi.Input<string>[] | undefined>;
};

type Lookups = typeof import("../provider/lookup");

/** What a look-up works with. */
interface LookupContext {
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
  opts: pulumi.InvokeOptions,
  ask: (context: LookupContext) => Promise<T>,
): Promise<T> {
  const call = callOf(token);
  checkFilters(call, filters);
  const provider = providerOf(call, opts);
  const config = await configurationOf(call, provider);
  if (isMocked()) {
    return pulumi.runtime.invoke(token, { ...filters }, provider === undefined ? {} : { provider });
  }
  const lookups = await import("../provider/lookup/index.js");
  const maxAgeMs = hasDeclared() && !pulumi.runtime.isDryRun() ? 0 : undefined;
  return lookups.explained(call, async () =>
    ask({ lookups, runtime: lookups.lookupRuntime(config, connectionsOfThisRun()), maxAgeMs }),
  );
}

/**
 * Runs a look-up once its filters, its provider's configuration and what it depends on are there; in a preview that
 * does not know them yet, its answer is not known either.
 */
export function lookUpOutput<T>(
  token: string,
  args: LookupInputs,
  opts: pulumi.InvokeOutputOptions,
  find: (filters: LookupFilters, opts: pulumi.InvokeOptions) => Promise<T>,
): pulumi.Output<T> {
  const { dependsOn, ...others } = opts;
  const ready = onceMade(pulumi.output(args), dependsOn);
  return accountOf(callOf(token), others).apply(() => ready.apply((known) => find(known, others)));
}

/** `getServer` of `utho:index:getServer`. */
function callOf(token: string): string {
  return token.slice(token.lastIndexOf(":") + 1);
}
