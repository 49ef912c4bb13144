import type { Simulator } from "../simulator";

/** What a program, the Pulumi CLI or another process needs to talk to the simulator instead of Utho. */
export interface SimulatorEnvironment {
  /** The token that the simulator accepts. */
  UTHO_TOKEN: string;
  /** The base of its API. */
  UTHO_ENDPOINT: string;
}

/** Environment variables that send a program to the simulator: `{ ...process.env, ...environmentOf(simulator) }`. */
export function environmentOf(simulator: Simulator): SimulatorEnvironment {
  return { UTHO_TOKEN: simulator.token, UTHO_ENDPOINT: simulator.url };
}

/** One value of a stack's configuration, as the Automation API's `setAllConfig` takes it. */
export interface ConfigEntry {
  /** The value as a text. */
  value: string;
  /** Whether the stack keeps it encrypted. @default false */
  secret?: boolean;
}

/**
 * Stack configuration that sends a program to the simulator, for the Automation API's `setAllConfig`. It also makes
 * the provider ask more often than it asks Utho: the simulator's snapshots take a third of a second.
 */
export function configOf(simulator: Simulator): Record<string, ConfigEntry> {
  return {
    "utho:token": { value: simulator.token, secret: true },
    "utho:endpoint": { value: simulator.url },
    "utho:pollInterval": { value: "50ms" },
    "utho:listingLag": { value: "500ms" },
  };
}
