import { isRecord } from "../client/compact";
import { CONFIG_KEYS, type ConfigSource, checkOfProvider, environmentOf, isKey } from "../provider/config";
import { type RawInputs, unknownName } from "../provider/engine/inputs";
import { hasUnknown } from "../provider/engine/values";
import { ProviderFailure } from "../provider/failure";

/** What the engine gives a provider for itself. */
const OF_ENGINE = ["version", "pluginDownloadURL"];

/** Whether it is the provider that the engine makes of the stack's own configuration. */
export function isDefault(urn: string): boolean {
  return /^default(_|$)/.test(urn.slice(urn.lastIndexOf("::") + 2));
}

/**
 * Where a provider's settings come from. The engine records those of a default provider at each `up` and gives them
 * again at `refresh` and `destroy`, so the stack's configuration of today goes first, as its environment shows it. An
 * explicit provider is another account: it never takes the stack's token.
 */
export function sourceOf(urn: string, args: RawInputs, env: NodeJS.ProcessEnv): ConfigSource {
  const today = todays(env);
  const given = (key: string): string | undefined => textOf(args[key.replace(/^utho:/, "")]);
  if (!isDefault(urn)) {
    return (key) => given(key) ?? (key === "utho:token" ? "" : today?.[key]);
  }
  return (key) => {
    const inEnvironment = today !== undefined && environmentOf(key, env) !== undefined;
    return today?.[key] ?? (inEnvironment ? undefined : given(key));
  };
}

/** Undocumented: the stack's values for this plugin, by their names alone, in the environment of its process. */
function todays(env: NodeJS.ProcessEnv): Record<string, string> | undefined {
  try {
    const all: unknown = JSON.parse(env.PULUMI_CONFIG ?? "");
    if (!isRecord(all)) return undefined;
    return Object.fromEntries(
      Object.entries(all).flatMap(([key, value]) =>
        typeof value === "string" ? [[`utho:${key.replace(/^utho:/, "")}`, value]] : [],
      ),
    );
  } catch {
    return undefined;
  }
}

/** The engine writes what is no text as JSON. */
function textOf(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

/** What is wrong with the arguments of an explicit provider; what is not known yet is not looked at. */
export function problemsWith(urn: string, args: RawInputs): string[] {
  if (isDefault(urn)) return [];
  const known = Object.keys(CONFIG_KEYS);
  const given = Object.keys(args).filter((key) => !OF_ENGINE.includes(key) && !key.startsWith("__"));
  const unknown = given.filter((key) => !isKey(key));
  if (unknown.length > 0) {
    return unknown.map((key) => `UTHO_CONFIG_INVALID: ${unknownName("setting", key, known)}`);
  }
  const name = urn.slice(urn.lastIndexOf("::") + 2);
  return [...new Set(["token", ...given])].filter(isKey).flatMap((key) => {
    if (hasUnknown(args[key])) return [];
    try {
      checkOfProvider(name, key, textOf(args[key]) ?? "");
      return [];
    } catch (error) {
      if (error instanceof ProviderFailure) return [error.message];
      throw error;
    }
  });
}
