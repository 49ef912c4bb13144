import { findNodeAtLocation, parseTree } from "jsonc-parser";
import { isRecord, textOf } from "../provider/engine/inputs";
import { ProviderFailure } from "../provider/failure";

/** One resource of a state, of any provider; no more of it than the command looks at. */
export interface DeployedResource {
  urn: string;
  type: string;
  id: string | undefined;
  /** Read by the program and not owned by it. */
  external: boolean;
  /** Replaced; its deletion is still owed. */
  delete: boolean;
  /** Reference to its provider: `<urn>::<id>`. */
  provider: string | undefined;
  inputs: Readonly<Record<string, unknown>>;
  outputs: Readonly<Record<string, unknown>>;
  /** How many things went wrong when it was created or updated last. */
  initErrors: number;
}

/** What `pulumi stack export` prints, as text and as far as the command looks at it. */
export interface Deployment {
  /** The export itself; a changed state is made from this text. */
  text: string;
  resources: readonly DeployedResource[];
  /** Operations that a run began and did not end, for example "creating urn:…". */
  pending: readonly string[];
}

/** Resources of this package, whatever their kind. */
export const OUR_TYPES = "pulumi-nodejs:dynamic/utho:";

/** The layouts of a state that are known; what is looked at here is the same in both. */
const KNOWN_VERSIONS: readonly unknown[] = [3, 4];

/**
 * Reads what `pulumi stack export` printed.
 * @param origin how a person would name it: "stack prod", or a file
 * @throws ProviderFailure where it is anything else: nothing is known of the stack then
 */
export function parseDeployment(text: string, origin: string): Deployment {
  const exported = parseJson(text, origin);
  if (!isRecord(exported) || !isRecord(exported.deployment)) {
    throw unreadable(origin, "it holds no deployment; if the stack is new, run `pulumi up` once.");
  }
  if (!KNOWN_VERSIONS.includes(exported.version)) {
    throw unreadable(origin, `its layout is version ${String(exported.version)}, which is not known.`);
  }
  const { resources, pending_operations: pending } = exported.deployment;
  return {
    text,
    resources: listOf(resources, origin).map((one) => toResource(one, origin)),
    pending: listOf(pending, origin).map((one) => `${textOf(one, "type")} ${urnOf(one.resource)}`),
  };
}

/**
 * The same export with resources appended. Everything else stays as it is written, to the byte: encrypted values, and
 * numbers that JavaScript would round.
 */
export function withResources(deployment: Deployment, added: readonly object[]): string {
  const { text } = deployment;
  const tree = parseTree(text);
  const items = added.map((one) => JSON.stringify(one)).join(",\n");
  const list = tree && findNodeAtLocation(tree, ["deployment", "resources"]);
  if (list?.type === "array") {
    const end = list.offset + list.length - 1;
    const comma = (list.children?.length ?? 0) > 0 ? "," : "";
    return `${text.slice(0, end).trimEnd()}${comma}\n${items}\n${text.slice(end)}`;
  }
  const whole = tree && findNodeAtLocation(tree, ["deployment"]);
  if (whole?.type !== "object") throw unreadable("the stack's state", "it holds no deployment.");
  // A list that is null would stand there twice; the later one counts, for Go as for JavaScript.
  const end = whole.offset + whole.length - 1;
  const comma = (whole.children?.length ?? 0) > 0 ? "," : "";
  return `${text.slice(0, end).trimEnd()}${comma}\n"resources": [\n${items}\n]\n${text.slice(end)}`;
}

function parseJson(text: string, origin: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw unreadable(origin, "it is not JSON.");
  }
}

function listOf(value: unknown, origin: string): Readonly<Record<string, unknown>>[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every(isRecord)) return value;
  throw unreadable(origin, "its resources are no list.");
}

function toResource(raw: Readonly<Record<string, unknown>>, origin: string): DeployedResource {
  const urn = textOf(raw, "urn");
  const type = textOf(raw, "type");
  if (urn === undefined || type === undefined) throw unreadable(origin, "a resource in it has no URN.");
  return {
    urn,
    type,
    id: textOf(raw, "id"),
    external: raw.external === true,
    delete: raw.delete === true,
    provider: textOf(raw, "provider"),
    inputs: isRecord(raw.inputs) ? raw.inputs : {},
    outputs: isRecord(raw.outputs) ? raw.outputs : {},
    initErrors: Array.isArray(raw.initErrors) ? raw.initErrors.length : 0,
  };
}

function urnOf(resource: unknown): string {
  return isRecord(resource) ? (textOf(resource, "urn") ?? "a resource") : "a resource";
}

function unreadable(origin: string, because: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_STACK",
    attempted: `read the state of ${origin}`,
    because,
    kept: "nothing was touched.",
    next: "give a stack's name, or a file that `pulumi stack export` wrote.",
  });
}
