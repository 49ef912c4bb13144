import { BOOK, type RawInputs } from "../provider/engine/inputs";
import { hasUnknown, UNKNOWN } from "../provider/engine/values";
import { ProviderFailure } from "../provider/failure";
import type { Resource } from "../provider/guard";
import { asRotationState, hasDrifted, opened } from "../provider/rotation/state";
import { asSnapshotState } from "../provider/snapshot/contract";
import { driftOf } from "../provider/snapshot/diff";
import { parseSnapshotId, TOKENS, typesOf } from "../provider/utho/names";
import schema from "./schema.json";
import { sealed, type Values } from "./wire";

/** What the plugin must know of one kind of resource beside what the core does. */
interface Kind {
  /** Inputs that the program does not write and this door gives. */
  hidden?: RawInputs;
  /** Outputs that an update never changes. */
  stable: readonly string[];
  /** Outputs that differ from what was recorded of them. */
  driftOf?: (olds: RawInputs, news: RawInputs) => string[];
  /** Inputs of an existing object, by its id; throws where it cannot be imported. */
  imported: (id: string) => RawInputs;
}

const KINDS: Readonly<Record<Resource, Kind>> = {
  Snapshot: {
    stable: ["snapshotId", "cloudId", "createdAt"],
    driftOf: (olds, news) =>
      driftOf(asSnapshotState(olds), { waitForReady: news.waitForReady !== false }).map(
        (one) => one.property,
      ),
    imported: (id) => ({ cloudId: parseSnapshotId(id).cloudId }),
  },
  SnapshotRestore: {
    // Which value an input came from is not shown here, and one that moves by itself must not overwrite a server.
    hidden: { origin: "unseen" },
    stable: ["cloudId"],
    imported: notImported(
      "SnapshotRestore",
      "a restore is an event and nothing that exists in Utho.",
      "declare it instead; to go back to a snapshot once more, change `triggers`.",
    ),
  },
  ServerClone: {
    stable: ["cloudId"],
    imported: notImported(
      "ServerClone",
      "Utho does not show of a server which plan and which snapshot it was made with.",
      "declare it instead, with `adoptId` set to the server's id: the resource takes it over as it is.",
    ),
  },
  SnapshotRotation: {
    stable: ["mark"],
    driftOf: (olds) => (hasDrifted(asRotationState(olds)) ? ["snapshots"] : []),
    imported: notImported(
      "SnapshotRotation",
      "a rotation is not in Utho; its snapshots are, and it finds them by their names.",
      "declare it instead, with the logical name, or the namePrefix, that it had; import other snapshots as resources utho:index:Snapshot.",
    ),
  },
};

function notImported(kind: string, because: string, next: string): (id: string) => never {
  return (id) => {
    throw new ProviderFailure({
      code: "UTHO_IMPORT",
      attempted: `import ${id} as a ${kind}, or get it by its id`,
      because,
      kept: "nothing was touched.",
      next,
    });
  };
}

/** Inputs and outputs that users know, and what the dynamic door's schema says of them. */
interface Described extends Kind {
  resource: Resource;
  inputs: readonly string[];
  outputs: readonly string[];
}

/** The kind of the resource with this URN. */
export function kindOf(urn: string): Described {
  const type = typesOf(urn).at(-1) ?? "";
  const named = Object.keys(KINDS)
    .filter(isResource)
    .find((one) => type === `${TOKENS}${one}`);
  if (named === undefined) throw unknownToken(type);
  const { inputProperties, properties } = schema.resources[`${TOKENS}${named}`];
  return {
    ...KINDS[named],
    resource: named,
    inputs: Object.keys(inputProperties),
    outputs: Object.keys(properties),
  };
}

export function unknownToken(token: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_PLUGIN_VERSION",
    attempted: `work on ${token}`,
    because: "this version of the plugin does not have it.",
    kept: "nothing was touched.",
    next: "install the plugin and the SDK of the same version.",
  });
}

function isResource(name: string): name is Resource {
  return name in KINDS;
}

/** Names of inputs and outputs that are secrets wherever they stand. */
const SECRETS: readonly string[] = secretsIn(schema);

function secretsIn(part: object): string[] {
  return Object.entries(part).flatMap(([name, value]) => {
    if (typeof value !== "object" || value === null) return [];
    return "secret" in value && value.secret === true ? [name] : secretsIn(value);
  });
}

/** What the engine gives with each call, and is no bookkeeping. */
const GIVEN = ["timeouts", "__provider", BOOK];

/** Values as they go into state: what users know, secrets marked as such, and one key for the rest. */
export function packed(known: readonly string[], values: RawInputs): Values {
  const entries = Object.entries(values)
    .filter(([key]) => !GIVEN.includes(key))
    .map(([key, one]) => [key, key === "snapshots" ? opened(one) : one] as const);
  const book = Object.fromEntries(entries.filter(([key]) => !known.includes(key)));
  const shown = entries.filter(([key]) => known.includes(key));
  return { ...withSecrets(Object.fromEntries(shown)), [BOOK]: book };
}

/** A program without an SDK marks nothing: what the schema calls a secret is marked here. */
export function withSecrets(values: Values): Values {
  const isOpen = (key: string, value: unknown): boolean =>
    SECRETS.includes(key) && value !== undefined && value !== null && !hasUnknown(value);
  const entries = Object.entries(values);
  return Object.fromEntries(entries.map(([key, one]) => [key, isOpen(key, one) ? sealed(one) : one]));
}

/** What is known of a resource before it is made or changed. */
export function previewed({ outputs, stable }: Described, inputs: RawInputs, olds: RawInputs = {}): Values {
  const known = outputs.map((key) => {
    const value = inputs[key] ?? (stable.includes(key) ? olds[key] : undefined);
    return [key, value === undefined || hasUnknown(value) ? UNKNOWN : value] as const;
  });
  return withSecrets(Object.fromEntries(known));
}
