import * as v from "valibot";
import { DYNAMIC_TOKENS, unpacked } from "../../provider/engine/inputs";
import { dynamicType } from "../../provider/utho/names";
import { type ProviderConfig, providersIn } from "./providers";
import { type Revealed, reveal } from "./secret";
import { EXPORT_AGAIN, unreadable } from "./unreadable";

/** Newest layout of a state file that this package knows; what matters here has been the same since 1. */
const NEWEST_VERSION = 4;

/** One resource of a state, of any package. */
interface StateEntry {
  urn: string;
  type: string;
  id: string | undefined;
  /** Replaced; its deletion is still owed. */
  delete: boolean;
  /** Reference to its provider: `<urn>::<id>`. */
  provider: string | undefined;
}

/** One resource of this package, as a state holds it. Of one of the plugin, the type is that of the dynamic provider. */
export interface StateResource extends StateEntry {
  /** Read by the program and not owned by it. */
  external: boolean;
  inputs: Readonly<Record<string, unknown>>;
  outputs: Readonly<Record<string, unknown>>;
  /** Whether Pulumi lets go of it instead of deleting it. */
  retainOnDelete: boolean;
  /** Names of outputs that the state keeps encrypted. */
  secrets: ReadonlySet<string>;
  /** Names of outputs that are encrypted and could not be read. */
  hidden: ReadonlySet<string>;
  /** What went wrong when it was created or updated last. */
  initErrors: readonly string[];
  /** Where the program declares it, for example "project:///index.ts#4,1". */
  sourcePosition: string | undefined;
}

/** What a run had begun and did not end. */
export interface PendingOperation {
  /** Pulumi's word: creating, updating, deleting, reading, importing. */
  operation: string;
  resource: StateResource;
}

/** One stack's state, and what of it is about this package. */
export interface StackState {
  stack: string;
  project: string | undefined;
  /** How it was read, as a person would name it: "stack prod", or a file. */
  origin: string;
  /** The whole, as it was read. */
  text: string;
  /** Every resource, of any package. */
  entries: StateEntry[];
  /** Providers that the program has made for other accounts, by reference. */
  providers: ReadonlyMap<string, ProviderConfig>;
  /** Those of this package. */
  resources: StateResource[];
  /** Of this package. */
  pending: PendingOperation[];
  /** Every operation that a run began and did not end, for example "creating urn:…". */
  interrupted: string[];
}

const loose = v.optional(v.fallback(v.record(v.string(), v.unknown()), {}), {});
const flag = v.optional(v.fallback(v.boolean(), false), false);
const text = v.optional(v.fallback(v.optional(v.string()), undefined));

const rawResource = v.object({
  urn: v.string(),
  type: v.string(),
  id: text,
  external: flag,
  delete: flag,
  retainOnDelete: flag,
  provider: text,
  inputs: loose,
  outputs: loose,
  initErrors: v.optional(v.fallback(v.array(v.string()), []), []),
  sourcePosition: text,
});

type RawResource = v.InferOutput<typeof rawResource>;

/** Only what is this package's is looked at closely: a state may hold thousands of other resources. */
const anyResource = v.looseObject({
  urn: v.string(),
  type: v.string(),
  id: text,
  delete: flag,
  provider: text,
});

const deployment = v.object({
  resources: v.nullish(v.array(anyResource), []),
  pending_operations: v.nullish(v.array(v.object({ type: v.string(), resource: anyResource })), []),
});

/** What `pulumi stack export` prints; and a state file as a local backend keeps it. */
const exported = v.object({
  version: v.optional(v.number(), NEWEST_VERSION),
  deployment: v.nullable(deployment),
});
const checkpoint = v.object({
  version: v.optional(v.number(), NEWEST_VERSION),
  checkpoint: v.object({ latest: v.nullish(deployment) }),
});

/**
 * Reads a state: what `pulumi stack export` prints, or a checkpoint. The one reader of all commands.
 * @param origin as a person would name it: "stack prod", or a file
 * @param known the stack's name, where it was asked for by name
 * @throws ProviderFailure `UTHO_STACK`
 */
export function parseState(text: string, origin: string, known?: string): StackState {
  const { resources, pending_operations } = deploymentOf(parseJson(text, origin), origin);
  const [first] = resources;
  const named = first === undefined ? undefined : namesIn(first.urn);
  return {
    stack: known ?? named?.stack ?? origin,
    project: named?.project,
    origin,
    text,
    entries: resources.map(({ urn, type, id, delete: owed, provider }) => ({
      ...{ urn, type, id, provider },
      delete: owed,
    })),
    providers: providersIn(resources),
    resources: resources.filter(isOurs).map((one) => toResource(one, origin)),
    pending: pending_operations
      .filter(({ resource }) => isOurs(resource))
      .map(({ type, resource }) => ({ operation: type, resource: toResource(resource, origin) })),
    interrupted: pending_operations.map(({ type, resource }) => `${type} ${resource.urn}`),
  };
}

function parseJson(text: string, origin: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    // So is what a failed export hands to a pipe.
    throw unreadable(origin, text.trim() === "" ? "it is empty." : "it is not JSON.", EXPORT_AGAIN, cause);
  }
}

function deploymentOf(input: unknown, origin: string): v.InferOutput<typeof deployment> {
  const asExported = v.safeParse(exported, input);
  const asCheckpoint = v.safeParse(checkpoint, input);
  const version = asExported.success ? asExported.output.version : asCheckpoint.output;
  if (typeof version === "number" && version > NEWEST_VERSION) {
    const because = `its layout is of version ${version}, and this package knows ${NEWEST_VERSION}.`;
    throw unreadable(origin, because, "use a newer pulumi-utho.");
  }
  if (asExported.success) return asExported.output.deployment ?? { resources: [], pending_operations: [] };
  if (asCheckpoint.success) {
    return asCheckpoint.output.checkpoint.latest ?? { resources: [], pending_operations: [] };
  }
  const [issue] = asExported.issues;
  const where = v.getDotPath(issue) ?? "the whole";
  const because = `it is not what \`pulumi stack export\` prints (${where}: ${issue.message}).`;
  throw unreadable(origin, because, EXPORT_AGAIN);
}

function isOurs({ type }: { type: string }): boolean {
  return dynamicType(type).startsWith(DYNAMIC_TOKENS);
}

function toResource(input: unknown, origin: string): StateResource {
  const result = v.safeParse(rawResource, input);
  if (!result.success) throw unreadable(origin, "one of its resources has no urn or no type.", EXPORT_AGAIN);
  const raw: RawResource = result.output;
  const inputs = reveal(raw.inputs);
  const outputs: Revealed = reveal(raw.outputs);
  return {
    urn: raw.urn,
    type: dynamicType(raw.type),
    id: raw.id,
    external: raw.external,
    delete: raw.delete,
    retainOnDelete: raw.retainOnDelete,
    provider: raw.provider,
    inputs: unpacked(inputs.values),
    outputs: unpacked(outputs.values),
    secrets: outputs.secrets,
    hidden: outputs.hidden,
    initErrors: raw.initErrors,
    sourcePosition: raw.sourcePosition,
  };
}

/** urn:pulumi:<stack>::<project>::<type>::<name> */
function namesIn(urn: string): { stack: string; project: string } | undefined {
  const [head = "", project = ""] = urn.split("::");
  const stack = head.replace(/^urn:pulumi:/, "");
  return stack === "" || stack === head ? undefined : { stack, project };
}

/** What follows from a resource, found once for each: it may list thousands of snapshots. */
export function once<V>(find: (resource: StateResource) => V): (resource: StateResource) => V {
  const found = new WeakMap<StateResource, V>();
  return (resource) => {
    const known = found.get(resource) ?? find(resource);
    found.set(resource, known);
    return known;
  };
}
