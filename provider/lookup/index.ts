import type { ConfigSource } from "../config";
import { silentProgress } from "../engine/progress";
import { toFailure } from "../failure";
import { ProviderRuntime } from "../utho/runtime";

export { findServer, findServers, findSnapshot, findSnapshots } from "./find";

/** A runtime for each configuration, since another token is another account; look-ups run in the user's program. */
export function lookupRuntime(config: ConfigSource, known: Map<string, ProviderRuntime>): ProviderRuntime {
  const runtime = new ProviderRuntime({ progress: () => silentProgress });
  runtime.configure(config);
  const key = JSON.stringify(runtime.settings());
  const made = known.get(key) ?? runtime;
  known.set(key, made);
  return made;
}

/** The look-up's answer; its error as a user can act on it. */
export async function explained<T>(call: string, answer: () => Promise<T>): Promise<T> {
  try {
    return await answer();
  } catch (error) {
    throw toFailure(error, `run the look-up ${call}`);
  }
}
