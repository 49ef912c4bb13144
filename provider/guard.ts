import { redact } from "../client/redact";
import type { CheckResult, RawInputs } from "./engine/inputs";
import { PartialFailure, ProviderFailure } from "./failure";
import { toFailure } from "./translate";
import type { ProviderRuntime } from "./utho/runtime";

/** What the engine's plugin calls; the methods of Pulumi's ResourceProvider that we have. */
export interface Lifecycle {
  check(olds: RawInputs, news: RawInputs): CheckResult | Promise<CheckResult>;
  diff(id: string, olds: RawInputs, news: RawInputs): Difference | Promise<Difference>;
  create(inputs: RawInputs): Promise<{ id: string; outs: Record<string, unknown> }>;
  read(id: string, props: RawInputs): Promise<{ id: string; props: Record<string, unknown> }>;
  update(id: string, olds: RawInputs, news: RawInputs): Promise<{ outs: Record<string, unknown> }>;
  delete(id: string, props: RawInputs): Promise<void>;
}

/** What the engine is told: whether there is a change, and which inputs force a replacement. */
interface Difference {
  changes: boolean;
  replaces: string[];
}

/** A provider as the plugin wants it: plain async methods, and `configure`. */
export interface GuardedProvider {
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
  check(olds: RawInputs, news: RawInputs): Promise<CheckResult>;
  diff(id: string, olds: RawInputs, news: RawInputs): Promise<Difference>;
  create(inputs: RawInputs): Promise<{ id: string; outs: Record<string, unknown> }>;
  read(id: string, props: RawInputs): Promise<{ id: string; props: Record<string, unknown> }>;
  update(id: string, olds: RawInputs, news: RawInputs): Promise<{ outs: Record<string, unknown> }>;
  delete(id: string, props: RawInputs): Promise<void>;
}

const PROVIDER_KEY = "__provider";

/**
 * The one place where errors leave for the engine: every one becomes a story with a code, without a stack (the engine
 * prints stacks three times over), without the token, and a partial creation keeps its forwarder.
 */
export function guard(runtime: ProviderRuntime, lifecycle: Lifecycle): GuardedProvider {
  const guarded = async <T>(doing: string, work: () => T | Promise<T>, forwarder?: unknown): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw cleaned(toFailure(error, doing), tokenOf(runtime), forwarder);
    }
  };
  return {
    // Not awaited work: the plugin uses the provider before this promise has settled.
    configure: async ({ config }) => runtime.configure((key) => config.get(key)),
    check: (olds, news) => guarded("check the inputs", () => checkOrTell(lifecycle, olds, news)),
    diff: (id, olds, news) => guarded(`compare ${id} with the program`, () => lifecycle.diff(id, olds, news)),
    create: (inputs) => guarded(creationOf(inputs), () => lifecycle.create(inputs), inputs[PROVIDER_KEY]),
    read: (id, props) => guarded(`read ${id}`, () => lifecycle.read(id, props)),
    update: (id, olds, news) =>
      guarded(`update ${id}`, () => lifecycle.update(id, olds, news), news[PROVIDER_KEY]),
    delete: (id, props) => guarded(`delete ${id}`, () => lifecycle.delete(id, props)),
  };
}

const TELLING_INPUTS = ["cloudId", "snapshotId", "hostname", "name"] as const;

/** A resource that is not made yet has no id; what its program says of it tells which one is meant. */
function creationOf(inputs: RawInputs): string {
  const told = TELLING_INPUTS.filter((key) => typeof inputs[key] === "string");
  const of = told.map((key) => `${key} ${inputs[key]}`).join(", ");
  return of === "" ? "create the resource" : `create the resource of ${of}`;
}

/** Wrong configuration is told as a failed check: the engine shows that once and plainly, a thrown error three times. */
async function checkOrTell(lifecycle: Lifecycle, olds: RawInputs, news: RawInputs): Promise<CheckResult> {
  try {
    return await lifecycle.check(olds, news);
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    return { inputs: { ...news }, failures: [{ property: "", reason: error.message }] };
  }
}

function tokenOf(runtime: ProviderRuntime): string {
  try {
    return runtime.settings().token;
  } catch {
    return "";
  }
}

function cleaned(failure: ProviderFailure, token: string, forwarder: unknown): ProviderFailure {
  failure.stack = "";
  // The plugin prints the error's text beside the engine, which shows the message on the resource's row.
  failure.toString = () => failure.code;
  failure.message = token === "" ? failure.message : redact(failure.message, token);
  if (failure instanceof PartialFailure) {
    failure.reasons.splice(0, failure.reasons.length, failure.message);
    // The plugin adds the forwarder to good answers only; without it the resource could never be read again.
    if (forwarder !== undefined) failure.properties[PROVIDER_KEY] = forwarder;
  }
  return failure;
}
