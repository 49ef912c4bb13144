import * as pulumi from "@pulumi/pulumi";
import { CONFIG_KEYS, type ConfigSource } from "../provider/config";
import { isUnknown } from "../provider/engine/values";
import { lookupFailure } from "../provider/lookup/filter";
import { PROVIDER_TYPE, SNAPSHOT_TYPE } from "./forwarder";

/** Options of a look-up that say whose account it asks. */
type AccountOptions = Pick<pulumi.InvokeOptions, "provider" | "parent">;

/** The provider of a look-up's options, its own or its parent's; `undefined`: the stack's configuration. */
export function providerOf(call: string, opts: AccountOptions): pulumi.ProviderResource | undefined {
  const provider = opts.provider ?? opts.parent?.getProvider(SNAPSHOT_TYPE);
  if (provider === undefined || isOurs(provider)) return provider;
  throw lookupFailure(
    "UTHO_LOOKUP_PROVIDER",
    `run the look-up ${call}`,
    "the `provider` in its options is not one of pulumi-utho.",
    'give it a `new utho.Provider("name", { token })`, or no `provider` for the account of the stack.',
  );
}

/** The configuration of a provider, which is in its outputs, or else of the stack. */
export async function configurationOf(
  call: string,
  provider: pulumi.ProviderResource | undefined,
): Promise<ConfigSource> {
  if (provider === undefined) return (key) => pulumi.runtime.getConfig(key);
  const sent = await pulumi.runtime.serializeProperties(call, settingsOf(provider));
  const values = new Map(
    Object.entries(sent).map(([key, value]) => [key, pulumi.runtime.unwrapRpcSecret(value)]),
  );
  if ([...values.values()].some(isUnknown)) throw unknownYet(call);
  return (key) => {
    const value = values.get(key);
    // A provider without a token of its own must not end up with that of the environment.
    return typeof value === "string" ? value : key === TOKEN ? "" : undefined;
  };
}

/** The same as an output, unknown where a preview does not know it. Whoever waits for it learns no secret by that. */
export function accountOf(call: string, opts: AccountOptions): pulumi.Output<unknown> {
  const provider = providerOf(call, opts);
  return provider === undefined
    ? pulumi.output(undefined)
    : pulumi.unsecret(pulumi.output(settingsOf(provider)));
}

const TOKEN = "utho:token";

function settingsOf(provider: pulumi.ProviderResource): Record<string, unknown> {
  const keys = Object.keys(CONFIG_KEYS).map((key) => `utho:${key}`);
  return Object.fromEntries(keys.map((key) => [key, Reflect.get(provider, key)]));
}

function isOurs(provider: pulumi.ProviderResource): boolean {
  return "__pulumiType" in provider && provider.__pulumiType === PROVIDER_TYPE;
}

function unknownYet(call: string) {
  return lookupFailure(
    "UTHO_LOOKUP_PROVIDER",
    `run the look-up ${call}`,
    "the configuration of its provider comes from a resource that is not made yet.",
    `use ${call}Output, whose answer is not known in a preview either, or give the Provider a value that is known before.`,
  );
}
