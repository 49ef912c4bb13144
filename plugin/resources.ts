import { isDeepStrictEqual } from "node:util";
import { PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { type CheckFailure, type RawInputs, unknownName, unpacked } from "../provider/engine/inputs";
import { isHeld } from "../provider/engine/memory";
import type { ProgressFactory } from "../provider/engine/progress";
import { hasUnknown } from "../provider/engine/values";
import { PartialFailure } from "../provider/failure";
import { type GuardedProvider, providersOf } from "../provider/guard";
import { dynamicUrn } from "../provider/utho/names";
import type { ProviderRuntime } from "../provider/utho/runtime";
import { kindOf, packed, previewed, withSecrets } from "./kinds";
import type { Values } from "./wire";

/** What is made or was changed, as the engine records it. */
interface Made {
  id: string;
  outputs: Values;
}

/** How one property differs. */
interface Detail {
  kind: PropertyDiff.Kind;
  /** Whether it is an input. */
  isInput: boolean;
}

export interface Differences {
  changes: boolean;
  replaces: readonly string[];
  details: ReadonlyMap<string, Detail>;
}

/** What the engine gives with a write. */
interface WriteOptions {
  /** Seconds; 0: the resource has none. */
  timeout: number;
  preview?: boolean;
}

/** What inputs are called now, by names that the core still understands and no schema has. */
const PRESENT_NAMES: RawInputs = { snapshotId: "snapshot" };

/** Rows go by the URN that the engine knows; the core by that of the dynamic provider. */
export class Rows {
  private readonly urns = new Map<string, string>();

  constructor(private readonly rows: ProgressFactory) {}

  note(urn: string): string {
    const ours = dynamicUrn(urn);
    this.urns.set(ours, urn);
    return ours;
  }

  readonly factory: ProgressFactory = (urn) =>
    this.rows(urn === undefined ? urn : (this.urns.get(urn) ?? urn));
}

/** The resources of one configured provider, in the engine's words. */
export class Resources {
  private readonly providers: Readonly<Record<string, GuardedProvider>>;

  constructor(
    runtime: ProviderRuntime,
    private readonly rows: Rows,
  ) {
    this.providers = providersOf(runtime);
  }

  async check(
    urn: string,
    olds: RawInputs,
    news: RawInputs,
  ): Promise<{ inputs: Values; failures: CheckFailure[] }> {
    const { inputs: known, hidden, provider, resourceUrn } = this.at(urn);
    const typos = Object.keys(news).filter(
      (key) =>
        ![key, PRESENT_NAMES[key]].some((name) => known.some((one) => one === name)) && !key.startsWith("__"),
    );
    if (typos.length > 0) {
      const reason = (key: string): string => `UTHO_INPUT_UNKNOWN: ${unknownName("input", key, known)}`;
      return {
        inputs: withSecrets({ ...news }),
        failures: typos.map((property) => ({ property, reason: reason(property) })),
      };
    }
    const { inputs, failures } = await provider.check(olds, { ...news, ...hidden, resourceUrn });
    return { inputs: packed(known, inputs), failures };
  }

  async diff(
    urn: string,
    id: string,
    states: { olds: RawInputs; oldInputs: RawInputs; news: RawInputs },
  ): Promise<Differences> {
    const { inputs, driftOf, provider, resourceUrn } = this.at(urn);
    const { olds, oldInputs } = states;
    const news: Values = { ...states.news, resourceUrn };
    const { changes, replaces } = await provider.diff(id, olds, news);
    const details = new Map<string, Detail>();
    for (const key of inputs) {
      const isReplacing = replaces.includes(key);
      if (!isReplacing && (!changes || isDeepStrictEqual(oldInputs[key], news[key]))) continue;
      details.set(key, { kind: kindOfChange(oldInputs[key], news[key], isReplacing), isInput: true });
    }
    for (const key of replaces)
      if (!details.has(key)) details.set(key, { kind: PropertyDiff.Kind.UPDATE_REPLACE, isInput: false });
    for (const key of changes ? (driftOf?.(unpacked(olds), news) ?? []) : [])
      if (!details.has(key)) details.set(key, { kind: PropertyDiff.Kind.UPDATE, isInput: false });
    return { changes, replaces, details };
  }

  async create(urn: string, inputs: RawInputs, { timeout, preview }: WriteOptions): Promise<Made> {
    const kind = this.at(urn);
    const { outputs, provider, resourceUrn } = kind;
    if (preview === true) return { id: "", outputs: previewed(kind, inputs) };
    return packedFailure(outputs, async () => {
      const timeouts = timeoutsOf("create", timeout);
      const { id, outs } = await provider.create({ ...inputs, resourceUrn, ...timeouts });
      return { id, outputs: packed(outputs, outs) };
    });
  }

  /** Without properties nothing is known of it yet: it is imported, or read without being owned. */
  async read(
    urn: string,
    id: string,
    state: RawInputs,
    inputs: RawInputs,
  ): Promise<Made & { inputs: Values }> {
    const { inputs: known, outputs, imported, provider, resourceUrn } = this.at(urn);
    const given = isHeld(state) ? undefined : imported(id);
    const read = await provider.read(id, { resourceUrn, ...state });
    const written =
      given === undefined ? withSecrets({ ...inputs }) : packed(known, { ...given, resourceUrn });
    return { id: read.id, outputs: packed(outputs, read.props), inputs: written };
  }

  async update(
    urn: string,
    id: string,
    { olds, news }: { olds: RawInputs; news: RawInputs },
    { timeout, preview }: WriteOptions,
  ): Promise<Values> {
    const kind = this.at(urn);
    const { outputs, provider, resourceUrn } = kind;
    if (preview === true) return previewed(kind, news, olds);
    return (
      await packedFailure(outputs, async () => {
        const timeouts = timeoutsOf("update", timeout);
        const wanted = { ...news, resourceUrn, ...timeouts };
        const { outs } = await provider.update(id, olds, wanted);
        return { id, outputs: packed(outputs, outs) };
      })
    ).outputs;
  }

  async delete(urn: string, id: string, state: RawInputs, { timeout }: WriteOptions): Promise<void> {
    const { provider, resourceUrn } = this.at(urn);
    await provider.delete(id, { resourceUrn, ...state, ...timeoutsOf("delete", timeout) });
  }

  private at(urn: string) {
    const kind = kindOf(urn);
    const provider = this.providers[kind.resource];
    if (provider === undefined) throw new Error(`There is no provider of ${kind.resource}.`);
    return { ...kind, provider, resourceUrn: this.rows.note(urn) };
  }
}

function timeoutsOf(kind: "create" | "update" | "delete", seconds: number): { timeouts?: Values } {
  return seconds > 0 ? { timeouts: { [kind]: `${seconds}s` } } : {};
}

function kindOfChange(before: unknown, after: unknown, replaces: boolean): PropertyDiff.Kind {
  const { Kind } = PropertyDiff;
  if (before === undefined && !hasUnknown(after)) return replaces ? Kind.ADD_REPLACE : Kind.ADD;
  if (after === undefined) return replaces ? Kind.DELETE_REPLACE : Kind.DELETE;
  return replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE;
}

/** What exists after a failure goes into state as what is made does. */
async function packedFailure(outputs: readonly string[], work: () => Promise<Made>): Promise<Made> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PartialFailure)) throw error;
    throw error.withProperties(packed(outputs, error.properties));
  }
}
