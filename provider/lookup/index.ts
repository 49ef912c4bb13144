import type { ConfigSource } from "../config";
import { silentProgress } from "../engine/progress";
import { toFailure } from "../translate";
import { ProviderRuntime } from "../utho/runtime";

export { findServer, findServers } from "./servers";
export { findSnapshot, findSnapshots } from "./snapshots";

/** A runtime for look-ups, which run in the user's program and not in the engine's plugin. */
export function lookupRuntime(config: ConfigSource): ProviderRuntime {
  const runtime = new ProviderRuntime({ progress: () => silentProgress });
  runtime.configure(config);
  return runtime;
}

/** The look-up's answer; its error as a user can act on it. */
export async function explained<T>(call: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw toFailure(error, `run the look-up ${call}`);
  }
}
