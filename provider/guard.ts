import { redact } from "../client/redact";
import {
  BOOK,
  type CheckResult,
  type Difference,
  type Made,
  type RawInputs,
  type ReadAnswer,
  shortened,
  shortenedAs,
  textOf,
  unpacked,
} from "./engine/inputs";
import { PartialFailure, ProviderFailure, toFailure } from "./failure";
import type { ProviderRuntime } from "./utho/runtime";

/** What the engine's plugin calls; the methods of Pulumi's ResourceProvider that we have. */
export interface Lifecycle {
  check(olds: RawInputs, news: RawInputs): Promise<CheckResult>;
  diff(id: string, olds: RawInputs, news: RawInputs): Promise<Difference>;
  create(inputs: RawInputs): Promise<Made>;
  read(id: string, props: RawInputs): Promise<ReadAnswer>;
  update(id: string, olds: RawInputs, news: RawInputs): Promise<Made>;
  delete(id: string, props: RawInputs): Promise<void>;
}

/** A provider as the plugin wants it: plain async methods, and `configure`. */
export interface GuardedProvider extends Lifecycle {
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
}

const PROVIDER_KEY = "__provider";

/** The resources that there are. */
export type Resource = "Snapshot" | "SnapshotRestore" | "ServerClone" | "SnapshotRotation";

/** The providers of all resources for one configuration; what each one does is loaded when it is first used. */
export function providersOf(runtime: ProviderRuntime): Record<Resource, GuardedProvider> {
  return {
    Snapshot: guard(runtime, async () => {
      const { SnapshotLifecycle } = await import("./snapshot/lifecycle.js");
      return new SnapshotLifecycle(runtime);
    }),
    SnapshotRestore: guard(runtime, async () => {
      const { RestoreLifecycle } = await import("./restore/lifecycle.js");
      return new RestoreLifecycle(runtime);
    }),
    ServerClone: guard(runtime, async () => {
      const { CloneLifecycle } = await import("./clone/lifecycle.js");
      return new CloneLifecycle(runtime);
    }),
    SnapshotRotation: guard(runtime, async () => {
      const { RotationLifecycle } = await import("./rotation/lifecycle.js");
      return new RotationLifecycle(runtime);
    }),
  };
}

/**
 * The one place where errors leave for the engine: every one becomes a story with a code, without a stack (the engine
 * prints stacks three times over), without the token, and a partial creation keeps its forwarder.
 */
export function guard(
  runtime: ProviderRuntime,
  /** Called when the resource is first used: a program rarely has all kinds of them. */
  load: (runtime: ProviderRuntime) => Lifecycle | Promise<Lifecycle>,
): GuardedProvider {
  let loaded: Lifecycle | Promise<Lifecycle> | undefined;
  const lifecycle = async (): Promise<Lifecycle> => (loaded ??= load(runtime));
  return {
    // Not awaited work: the plugin uses the provider before this promise has settled.
    configure: async ({ config }) => runtime.configure((key) => config.get(key)),
    ...asking(runtime, lifecycle),
    ...writing(runtime, lifecycle),
  };
}

type Loader = () => Promise<Lifecycle>;

function asking(
  runtime: ProviderRuntime,
  lifecycle: Loader,
): Pick<GuardedProvider, "check" | "diff" | "read"> {
  const guarded = guardOf(runtime);
  return {
    check: (olds, news) =>
      guarded("check the inputs", () => checkOrTell(runtime, lifecycle, unpacked(olds), news)),
    diff: (id, olds, news) =>
      guarded(`compare ${id} with the program`, async () => {
        const difference = await (await lifecycle()).diff(id, unpacked(olds), unpacked(news));
        return hasMoved(olds, news) ? { ...difference, changes: true } : difference;
      }),
    read: (id, state) =>
      guarded(`read ${id}`, async () => {
        const props = unpacked(state);
        expectAccount(runtime, props);
        const answer = withAccountOf(props, await (await lifecycle()).read(id, props));
        return { id: answer.id, props: shortenedAs(state, answer.props) };
      }),
  };
}

function writing(
  runtime: ProviderRuntime,
  lifecycle: Loader,
): Pick<GuardedProvider, "create" | "update" | "delete"> {
  const guarded = guardOf(runtime);
  return {
    create: (inputs) =>
      guarded(
        creationOf(inputs),
        () => signed(runtime, {}, async () => (await lifecycle()).create(unpacked(inputs))),
        inputs[PROVIDER_KEY],
      ),
    update: (id, olds, news) =>
      guarded(
        `update ${id}`,
        () => {
          const state = unpacked(olds);
          return signed(runtime, state, async () => (await lifecycle()).update(id, state, unpacked(news)));
        },
        news[PROVIDER_KEY],
      ),
    delete: (id, state) =>
      guarded(`delete ${id}`, async () => {
        const props = unpacked(state);
        expectAccount(runtime, props);
        return (await lifecycle()).delete(id, props);
      }),
  };
}

/** The dynamic provider's plugin finds nothing without its forwarder, which the other door does not write. */
function hasMoved(olds: RawInputs, news: RawInputs): boolean {
  return BOOK in olds && PROVIDER_KEY in news;
}

function guardOf(runtime: ProviderRuntime) {
  return async <T>(doing: string, work: () => T | Promise<T>, forwarder?: unknown): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw cleaned(toFailure(error, doing), tokenOf(runtime), forwarder);
    }
  };
}

/** The account that a state was written with; hidden, and the same for every resource. */
const ACCOUNT_KEY = "accountId";

function expectAccount(runtime: ProviderRuntime, state: RawInputs): void {
  const accountId = state[ACCOUNT_KEY];
  if (typeof accountId === "string") runtime.accountIds.add(accountId);
}

/** What was read belongs to the account that the state was written with. */
function withAccountOf(state: RawInputs, answer: ReadAnswer): ReadAnswer {
  const accountId = state[ACCOUNT_KEY];
  if (answer.id === "" || accountId === undefined) return answer;
  return { id: answer.id, props: { ...answer.props, [ACCOUNT_KEY]: accountId } };
}

/** Adds to the outputs, also to those of a partial failure, whose account they are of. */
async function signed<T extends { outs: Record<string, unknown> }>(
  runtime: ProviderRuntime,
  olds: RawInputs,
  work: () => Promise<T>,
): Promise<T> {
  expectAccount(runtime, olds);
  const known = olds[ACCOUNT_KEY];
  // Asked once in a process and after the work, which it must not fail: what is refused has asked nothing.
  const sign = async (outs: Record<string, unknown>): Promise<Record<string, unknown>> => {
    const accountId = known ?? (await accountIdOf(runtime));
    return accountId === undefined ? outs : { ...outs, [ACCOUNT_KEY]: accountId };
  };
  try {
    const made = await work();
    return { ...made, outs: shortened(await sign(made.outs)) };
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    throw error.withProperties(shortened(await sign(error.properties)));
  }
}

async function accountIdOf(runtime: ProviderRuntime): Promise<string | undefined> {
  try {
    const { identity } = await runtime.account();
    return await identity.current();
  } catch {
    return undefined;
  }
}

const NAMING_INPUTS = ["cloudId", "snapshot", "hostname", "name"] as const;

/** A resource that is not made yet has no id; its inputs show which one is meant. */
function creationOf(inputs: RawInputs): string {
  const given = NAMING_INPUTS.filter((key) => typeof inputs[key] === "string");
  const of = given.map((key) => `${key} ${inputs[key]}`).join(", ");
  return of === "" ? "create the resource" : `create the resource of ${of}`;
}

/** Wrong configuration is a failed check: the engine shows that once and plainly, a thrown error three times. */
async function checkOrTell(
  runtime: ProviderRuntime,
  lifecycle: Loader,
  olds: RawInputs,
  news: RawInputs,
): Promise<CheckResult> {
  try {
    runtime.settings();
    await adviseName(runtime, news);
    runtime.memory.checked(olds, news);
    const { inputs, failures } = await (await lifecycle()).check(olds, news);
    return { inputs: shortened(inputs), failures };
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    return { inputs: { ...news }, failures: [{ property: "", reason: error.message }] };
  }
}

/** Says which input a program should name otherwise, once for each resource: before its check is noted. */
async function adviseName(runtime: ProviderRuntime, news: RawInputs): Promise<void> {
  const urn = textOf(news.resourceUrn);
  if ((news.snapshotId ?? null) === null || runtime.memory.programOf(urn) !== undefined) return;
  const text =
    "The input `snapshotId` is called `snapshot` now. Write `snapshot` in the program; it changes nothing.";
  await runtime.say(urn, "warn", text);
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
  // The plugin adds the forwarder to good answers only; without it the resource could never be read again.
  if (failure instanceof PartialFailure && forwarder !== undefined)
    failure.properties[PROVIDER_KEY] = forwarder;
  return failure;
}
