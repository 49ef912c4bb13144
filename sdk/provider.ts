import * as pulumi from "@pulumi/pulumi";
import { CONFIG_KEYS, checkOfProvider, givenIn, isKey, type Key } from "../provider/config";
import { unknownName } from "../provider/engine/inputs";
import { ProviderFailure } from "../provider/failure";
import { PROVIDER_PACKAGE } from "./forwarder";

/** What a {@link Provider} is configured with: the keys of the stack's configuration, without `utho:`. */
export interface ProviderArgs {
  /**
   * API token of the account, kept as a secret. Never taken from the stack's configuration or the environment: those
   * are of another account.
   */
  token: pulumi.Input<string>;
  /**
   * Base of the API, as `utho:endpoint`.
   * @default the stack's `utho:endpoint`, then `UTHO_ENDPOINT`, then Utho's own
   */
  endpoint?: pulumi.Input<string | undefined>;
  /** A duration such as `"5s"`, as `utho:pollInterval`. @default the stack's */
  pollInterval?: pulumi.Input<string | undefined>;
  /** A duration such as `"30s"`, as `utho:requestTimeout`. @default the stack's */
  requestTimeout?: pulumi.Input<string | undefined>;
  /** A duration such as `"10m"`, as `utho:writeTimeout`. @default the stack's */
  writeTimeout?: pulumi.Input<string | undefined>;
  /** From 0 to 20, as `utho:maxRetries`. @default the stack's */
  maxRetries?: pulumi.Input<number | undefined>;
  /** A duration such as `"1h"`, as `utho:takeoverWindow`. @default the stack's */
  takeoverWindow?: pulumi.Input<string | undefined>;
  /** A duration such as `"45s"`, as `utho:listingLag`. @default the stack's */
  listingLag?: pulumi.Input<string | undefined>;
  /** An IANA time zone such as `"Asia/Kolkata"`, as `utho:timeZone`. @default the stack's */
  timeZone?: pulumi.Input<string | undefined>;
}

/**
 * A second account in one program. Resources and look-ups with `{ provider }` in their options, and the children of a
 * component with `{ providers: [account] }`, belong to the account of its token; all others to that of the stack.
 *
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import * as utho from "pulumi-utho";
 *
 * const token = new pulumi.Config("customer").requireSecret("token");
 * const customer = new utho.Provider("customer", { token });
 *
 * const web = utho.getServerOutput({ name: "web-1" }, { provider: customer });
 * new utho.Snapshot("web", { cloudId: web.cloudId }, { provider: customer });
 * ```
 *
 * A change of any of its values is an update of this provider alone and never replaces a resource. Its values stand in
 * the state, the token encrypted.
 *
 * Errors: `UTHO_TOKEN_MISSING` where the token is blank, `UTHO_CONFIG_INVALID` where another value cannot be used or
 * is not known.
 */
export class Provider extends pulumi.ProviderResource {
  /**
   * Declares an account.
   *
   * @param name logical name, unique among the providers of the stack; part of the URN
   * @param args the account's token, and what is to be other than in the stack's configuration
   * @param opts Pulumi's resource options
   * @throws an error `UTHO_TOKEN_MISSING` or `UTHO_CONFIG_INVALID` where a value is plain and cannot be used
   */
  constructor(name: string, args: ProviderArgs, opts?: pulumi.ResourceOptions) {
    super(PROVIDER_PACKAGE, name, propertiesOf(name, args), opts);
  }
}

/** Under these names the plugin finds them, as it finds the stack's configuration. */
function propertiesOf(name: string, args: ProviderArgs): pulumi.Inputs {
  const given = { ...args };
  const keys = Object.keys(CONFIG_KEYS).filter(isKey);
  for (const key of Object.keys(given)) if (!isKey(key)) throw unknownKey(name, key, keys);
  const properties = keys.map((key) => [`utho:${key}`, settled(name, key, given[key])] as const);
  // A property without a value counts as unknown in a preview, and a look-up would never get it.
  const known = Object.fromEntries(properties.filter(([, value]) => value !== undefined));
  return { ...known, "utho:token": pulumi.secret(known["utho:token"]) };
}

/** A value as a text, or else the stack's. Plain ones are checked at once, outputs by the plugin that gets them. */
function settled(name: string, key: Key, given: pulumi.Input<string | number | undefined>) {
  const otherwise = key === "token" ? "" : ofStack(key);
  const settle = (value: string | number | undefined) => {
    const text = String(value ?? "").trim();
    return text === "" ? otherwise : text;
  };
  if (pulumi.Output.isInstance(given) || given instanceof Promise) return pulumi.output(given).apply(settle);
  const text = settle(given);
  if (typeof text === "string") checkOfProvider(name, key, text);
  return text;
}

/** The stack's value, a secret where it is one there. Pulumi has no public question for that. */
function ofStack(key: Key): pulumi.Input<string> | undefined {
  const value = givenIn((name) => pulumi.runtime.getConfig(name), key);
  const isSecret: unknown = Reflect.get(pulumi.runtime, "isConfigSecret");
  const secret = typeof isSecret === "function" && isSecret(`utho:${key}`) === true;
  return value !== undefined && secret ? pulumi.secret(value) : value;
}

function unknownKey(name: string, key: string, known: readonly string[]): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_CONFIG_INVALID",
    attempted: `read \`${key}\` of the Provider "${name}"`,
    because: unknownName("setting", key, known),
    kept: "nothing was touched.",
    next: `correct it or leave it out; the settings are ${known.join(", ")}.`,
  });
}
