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
  configure(request: Configuration): Promise<void>;
}

interface Configuration {
  config: { get(key: string): string | undefined };
}

const PROVIDER_KEY = "__provider";

/** The resources of this package, by the class that a program declares them with. */
export type Resource = "Snapshot" | "SnapshotRestore" | "ServerClone" | "SnapshotRotation";

type Load = (runtime: ProviderRuntime) => Lifecycle | Promise<Lifecycle>;

/** The providers of all resources for one configuration. */
export function providersOf(runtime: ProviderRuntime): Record<Resource, GuardedProvider> {
  return {
    Snapshot: guard(
      runtime,
      async () => new (await import("./snapshot/lifecycle.js")).SnapshotLifecycle(runtime),
    ),
    SnapshotRestore: guard(
      runtime,
      async () => new (await import("./restore/lifecycle.js")).RestoreLifecycle(runtime),
    ),
    ServerClone: guard(
      runtime,
      async () => new (await import("./clone/lifecycle.js")).CloneLifecycle(runtime),
    ),
    SnapshotRotation: guard(
      runtime,
      async () => new (await import("./rotation/lifecycle.js")).RotationLifecycle(runtime),
    ),
  };
}

/** @param load called when the resource is first used: a program rarely has all kinds of them */
export function guard(runtime: ProviderRuntime, load: Load): GuardedProvider {
  return new Guard(runtime, load);
}

/**
 * The one place where errors leave for the engine: every one becomes a story with a code, without a stack (the engine
 * prints stacks three times over), without the token, and a partial creation keeps its forwarder.
 */
class Guard implements GuardedProvider {
  private loaded: Lifecycle | Promise<Lifecycle> | undefined;

  constructor(
    private readonly runtime: ProviderRuntime,
    private readonly load: Load,
  ) {}

  /** Takes effect at once: the plugin uses the provider before this promise has settled. */
  async configure({ config }: Configuration): Promise<void> {
    this.runtime.configure((key) => config.get(key));
  }

  check(olds: RawInputs, news: RawInputs): Promise<CheckResult> {
    return this.guarded("check the inputs", async () => {
      const state = unpacked(olds);
      try {
        this.runtime.settings();
        await adviseName(this.runtime, news);
        this.runtime.memory.checked(state, news);
        const { inputs, failures } = await (await this.lifecycle()).check(state, news);
        return { inputs: shortened(inputs), failures };
      } catch (error) {
        if (!(error instanceof ProviderFailure)) throw error;
        // Of a wrong configuration too: the engine shows a failed check once and plainly, a thrown error three times.
        return { inputs: { ...news }, failures: [{ property: "", reason: error.message }] };
      }
    });
  }

  diff(id: string, olds: RawInputs, news: RawInputs): Promise<Difference> {
    return this.guarded(`compare ${id} with the program`, async () => {
      const difference = await (await this.lifecycle()).diff(id, unpacked(olds), unpacked(news));
      // The dynamic provider's plugin finds nothing without its forwarder, which the other door does not write.
      const hasMoved = BOOK in olds && PROVIDER_KEY in news;
      return hasMoved ? { ...difference, changes: true } : difference;
    });
  }

  read(id: string, state: RawInputs): Promise<ReadAnswer> {
    return this.guarded(`read ${id}`, async () => {
      const props = unpacked(state);
      expectAccount(this.runtime, props);
      const answer = withAccountOf(props, await (await this.lifecycle()).read(id, props));
      return { id: answer.id, props: shortenedAs(state, answer.props) };
    });
  }

  create(inputs: RawInputs): Promise<Made> {
    const work = async (): Promise<Made> => (await this.lifecycle()).create(unpacked(inputs));
    return this.guarded(creationOf(inputs), () => signed(this.runtime, {}, work), inputs[PROVIDER_KEY]);
  }

  update(id: string, olds: RawInputs, news: RawInputs): Promise<Made> {
    const state = unpacked(olds);
    const work = async (): Promise<Made> => (await this.lifecycle()).update(id, state, unpacked(news));
    return this.guarded(`update ${id}`, () => signed(this.runtime, state, work), news[PROVIDER_KEY]);
  }

  delete(id: string, state: RawInputs): Promise<void> {
    return this.guarded(`delete ${id}`, async () => {
      const props = unpacked(state);
      expectAccount(this.runtime, props);
      return (await this.lifecycle()).delete(id, props);
    });
  }

  private async lifecycle(): Promise<Lifecycle> {
    this.loaded ??= this.load(this.runtime);
    return this.loaded;
  }

  private async guarded<T>(doing: string, work: () => Promise<T>, forwarder?: unknown): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw cleaned(toFailure(error, doing), tokenOf(this.runtime), forwarder);
    }
  }
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
    if (known !== undefined) return { ...outs, [ACCOUNT_KEY]: known };
    try {
      const accountId = await (await runtime.account()).identity.current();
      return accountId === undefined ? outs : { ...outs, [ACCOUNT_KEY]: accountId };
    } catch {
      return outs;
    }
  };
  try {
    const made = await work();
    return { ...made, outs: shortened(await sign(made.outs)) };
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    throw error.withProperties(shortened(await sign(error.properties)));
  }
}

const NAMING_INPUTS = ["cloudId", "snapshot", "hostname", "name"] as const;

/** A resource that is not made yet has no id; its inputs show which one is meant. */
function creationOf(inputs: RawInputs): string {
  const given = NAMING_INPUTS.filter((key) => typeof inputs[key] === "string");
  const of = given.map((key) => `${key} ${inputs[key]}`).join(", ");
  return of === "" ? "create the resource" : `create the resource of ${of}`;
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
