import type { Clock } from "../../../client";
import type { Lifeline } from "../../../provider/engine/lifeline";
import { silentProgress } from "../../../provider/engine/progress";
import { type GuardedProvider, guard, type Lifecycle } from "../../../provider/guard";
import { ProviderRuntime } from "../../../provider/utho/runtime";
import type { Simulator } from "../../../simulator";

/** A provider as the plugin sees it, in this process, against a simulator. */
export interface Rig {
  provider: GuardedProvider;
  runtime: ProviderRuntime;
  /** Warnings and notes that stay. */
  said: string[];
  /** What was shown on rows for a while. */
  shown: string[];
  /** Operations that changed something, or tried to. */
  writes(): string[];
}

/** What a rig has otherwise than this machine. */
export interface RigOptions {
  clock?: Clock;
  lifeline?: Lifeline | undefined;
  /** Pulumi's home, where notes are kept. */
  home?: string | undefined;
}

/** Each rig is like a plugin process of its own: it remembers nothing of another's. */
export function rigFor(
  simulator: Simulator,
  lifecycle: (runtime: ProviderRuntime) => Lifecycle,
  more: Record<string, string> = {},
  { clock, lifeline, home = process.env.PULUMI_HOME }: RigOptions = {},
): Rig {
  const said: string[] = [];
  const shown: string[] = [];
  const note = (text: string): void => void said.push(text);
  const runtime = new ProviderRuntime({
    env: { PULUMI_HOME: home },
    ...(clock === undefined ? {} : { clock }),
    ...(lifeline === undefined ? {} : { lifeline }),
    progress: () => ({ ...silentProgress, status: (text) => void shown.push(text), info: note, warn: note }),
  });
  const config: Record<string, string> = {
    "utho:token": simulator.token,
    "utho:endpoint": simulator.url,
    "utho:pollInterval": "25ms",
    "utho:listingLag": "150ms",
    "utho:maxRetries": "1",
    ...more,
  };
  runtime.configure((key) => config[key]);
  return {
    provider: guard(runtime, lifecycle),
    runtime,
    said,
    shown,
    writes: () =>
      simulator.requests.all().flatMap(({ method, operation }) => (method === "GET" ? [] : [operation])),
  };
}
