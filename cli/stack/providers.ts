import { PROVIDER_TYPE } from "../../sdk/forwarder";
import { reveal } from "./secret";
import { logicalNameOf } from "./urn";

/** The type of the plugin's providers. */
const PLUGIN_PROVIDER_TYPE = "pulumi:providers:utho";

/** A provider that a program has made for another account, as the state holds it. */
export interface ProviderConfig {
  /** Its logical name. */
  name: string;
  /** Values of keys such as "utho:token", in clear. */
  values: ReadonlyMap<string, string>;
  /** Keys whose values are encrypted in this state. */
  hidden: ReadonlySet<string>;
}

/** The part of a resource that shows its provider. */
interface Provided {
  /** Reference to its provider: `<urn>::<id>`. */
  provider: string | undefined;
}

/** As much of a state. */
interface Providing {
  providers: ReadonlyMap<string, ProviderConfig>;
  resources: readonly Provided[];
}

/** By reference (`<urn>::<id>`). The engine's own, whose name begins with "default", has the stack's configuration. */
export function providersIn(
  resources: readonly { type: string; urn: string; id?: string | undefined; inputs?: unknown }[],
): Map<string, ProviderConfig> {
  const providers = new Map<string, ProviderConfig>();
  for (const { type, urn, id, inputs } of resources) {
    const name = logicalNameOf(urn);
    const isOfPlugin = type === PLUGIN_PROVIDER_TYPE;
    if ((type !== PROVIDER_TYPE && !isOfPlugin) || name.startsWith("default")) continue;
    const { values, hidden } = reveal(typeof inputs === "object" && inputs !== null ? { ...inputs } : {});
    const texts = Object.entries(values).filter(([, value]) => ["string", "number"].includes(typeof value));
    const keyOf = (key: string): string => (isOfPlugin ? `utho:${key}` : key);
    const config = new Map(texts.map(([key, value]) => [keyOf(key), String(value)]));
    providers.set(`${urn}::${id}`, { name, values: config, hidden: new Set([...hidden].map(keyOf)) });
  }
  return providers;
}

/** The provider of another account that a resource was declared with; `undefined`: it is of the stack's account. */
export function providerOf(
  { providers }: Pick<Providing, "providers">,
  { provider }: Provided,
): ProviderConfig | undefined {
  return provider === undefined ? undefined : providers.get(provider);
}

/** Whether a resource of this package needs a value that the state keeps encrypted. */
export function needsSecrets(state: Providing): boolean {
  return state.resources.some((one) => (providerOf(state, one)?.hidden.size ?? 0) > 0);
}
