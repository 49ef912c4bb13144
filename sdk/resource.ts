import type * as pulumi from "@pulumi/pulumi";
import type { Code } from "../provider/codes";
import { unknownName } from "../provider/engine/inputs";
import { ProviderFailure } from "../provider/failure";
import { requireReachableProvider } from "./reachable";
import { noteDeclaration } from "./run";
import { checkedTimeouts } from "./timeouts";
import { PausedTraces } from "./traces";
import { urnOf } from "./urn";

/** What the four classes differ in. The compiler refuses an input or output that is missing. */
export interface ResourceKind<Args, Instance> {
  /** Type as the engine knows it. */
  type: string;
  /** What the state carries in place of a provider. */
  forwarder: string;
  inputs: Readonly<Record<keyof Args, true>>;
  /** Names that inputs had before: programs in JavaScript may still use them. */
  former?: readonly string[];
  /** An output has a value only if its name is among the properties when the resource is registered. */
  outputs: Readonly<Record<Exclude<keyof Instance, keyof pulumi.CustomResource>, undefined>>;
  /** What takes the place of the option `import`, which the engine refuses for dynamic resources. */
  insteadOfImport: string;
}

/** What a program writes to declare one. */
interface Written {
  name: string;
  args: object | undefined;
  opts: pulumi.CustomResourceOptions;
}

/** Inputs that the provider needs and no program writes. */
export const HIDDEN = ["resourceUrn", "timeouts", "origin", "sources"];

/**
 * What the constructors of all resources share: what is refused at once, and what is handed to the engine. Made before
 * `super`, it ends with `end`; why it is no base class is said in traces.ts.
 *
 * Errors: `UTHO_INPUT_UNKNOWN`, `UTHO_IMPORT`, `UTHO_INPUT_TIMEOUT`.
 */
export class Declaration {
  readonly props: pulumi.Inputs;
  private readonly traces: PausedTraces;

  constructor(
    kind: ResourceKind<object, pulumi.CustomResource>,
    name: string,
    args: object | undefined,
    opts: pulumi.CustomResourceOptions,
    hidden: pulumi.Inputs = {},
  ) {
    const written = { name, args, opts };
    refuseUnknown(kind, written);
    refuseImport(kind, written);
    requireReachableProvider(name);
    this.props = {
      ...kind.outputs,
      ...inputsOf(kind, args ?? {}),
      ...hidden,
      timeouts: checkedTimeouts(name, opts.customTimeouts),
      resourceUrn: urnOf(name, kind.type, opts.parent),
      __provider: kind.forwarder,
    };
    this.traces = new PausedTraces();
  }

  /** The error of a registration that Pulumi refused, with its place in the program. */
  placed(error: unknown): unknown {
    return this.traces.placed(error);
  }

  /** The resource is declared, or was refused. */
  end(): void {
    this.traces.resume();
  }
}

/** Takes note of a new resource: a program that exports it whole exports nothing hidden. */
export function declared(resource: pulumi.CustomResource): void {
  for (const key of HIDDEN) Object.defineProperty(resource, key, { enumerable: false });
  noteDeclaration();
}

/** Whether a value is a resource of this type, also one of another copy of this package. */
export function isOfType(value: object, type: string): boolean {
  return "__pulumiType" in value && value.__pulumiType === type;
}

function inputsOf(kind: ResourceKind<object, pulumi.CustomResource>, args: object): pulumi.Inputs {
  const keys = [...Object.keys(kind.inputs), ...(kind.former ?? [])];
  return Object.fromEntries(keys.map((key) => [key, Reflect.get(args, key)]));
}

/** In JavaScript nothing else would report a typo: the input would silently do nothing. */
function refuseUnknown(
  { type, inputs, former = [] }: ResourceKind<object, pulumi.CustomResource>,
  { name, args = {} }: Written,
): void {
  const known = Object.keys(inputs);
  const isKnown = (key: string): boolean => known.includes(key) || former.includes(key);
  const [unknown] = Object.entries(args).find(([key, value]) => value !== undefined && !isKnown(key)) ?? [];
  if (unknown === undefined) return;
  throw refused(type, name, {
    code: "UTHO_INPUT_UNKNOWN",
    because: unknownName("input", unknown, known),
    next: `correct it or leave it out; the inputs are ${known.join(", ")}. Options such as \`protect\` and \`dependsOn\` stand in the argument after them.`,
  });
}

/** The engine's own words for it are those of a mistake in the provider. */
function refuseImport(
  { type, insteadOfImport }: ResourceKind<object, pulumi.CustomResource>,
  { name, opts }: Written,
): void {
  if (opts.import === undefined) return;
  throw refused(type, name, {
    code: "UTHO_IMPORT",
    because: "Pulumi cannot import resources of dynamic providers, and this package's are of that kind.",
    next: insteadOfImport,
  });
}

function refused(
  type: string,
  name: string,
  story: { code: Code; because: string; next: string },
): ProviderFailure {
  const attempted = `declare the ${type.slice(type.lastIndexOf(":") + 1)} "${name}"`;
  return new ProviderFailure({ ...story, attempted, kept: "nothing was touched." });
}
