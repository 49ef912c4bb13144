import { type ConfigSource, readSettings } from "../../provider/config";
import { silentProgress } from "../../provider/engine/progress";
import { ProviderRuntime } from "../../provider/utho/runtime";
import { UsageError } from "../screen/terminal";
import type { StackRead } from "../stack/exported";
import { type ProviderConfig, providerOf } from "../stack/providers";
import type { StackState } from "../stack/state";

/**
 * The one account that all the stacks are configured for: a stack's own configuration, or else the environment. Asked with another
 * account's token, Utho would show every snapshot as missing, so stacks that differ are an error.
 * @param chosen the stack whose configuration is to be used for all
 * @throws UsageError, ProviderFailure
 */
function accountOf(
  reads: readonly StackRead[],
  chosen: string | undefined,
  env: NodeJS.ProcessEnv,
): ProviderRuntime {
  // A state from a file says nothing of its account; it is taken for that of the others, or of the environment.
  const sources = reads.flatMap(({ state, config }) =>
    config === undefined ? [] : [{ name: state.stack, source: sourceOf(config) }],
  );
  const picked = chosen === undefined ? sources : sources.filter(({ name }) => name === chosen);
  if (chosen !== undefined && picked.length === 0) {
    throw new UsageError(`--account: "${chosen}" is not one of the reported stacks`);
  }
  const [first = { name: "", source: sourceOf(new Map()) }, ...others] = picked;
  const other = others.find(({ source }) => !isSameAccount(first.source, source, env));
  if (other !== undefined) {
    throw new UsageError(
      `stacks ${first.name} and ${other.name} have different tokens or endpoints: report on them one at a time, or, if they are of one account, say with --account whose to use`,
    );
  }
  const runtime = new ProviderRuntime({ env, progress: () => silentProgress });
  runtime.configure(first.source);
  runtime.settings();
  return runtime;
}

/** One account, and what the states' resources own in it. */
export interface ReportedAccount {
  /** `undefined`: it cannot be asked, and why. */
  runtime: ProviderRuntime | undefined;
  unknown: string;
  /** The states, each with those of its resources alone that are of this account. */
  states: StackState[];
}

/**
 * Every account that the states' resources are of: the stacks' own, and one for each provider that a program has made.
 * @throws UsageError, ProviderFailure
 */
export function accountsOf(
  reads: readonly StackRead[],
  chosen: string | undefined,
  env: NodeJS.ProcessEnv,
): ReportedAccount[] {
  const states = reads.map(({ state }) => state);
  const own = states.map((state) => ({
    ...state,
    resources: state.resources.filter((one) => providerOf(state, one) === undefined),
  }));
  const others = states.flatMap((state) =>
    [...state.providers].flatMap(([reference, provider]): ReportedAccount[] => {
      const resources = state.resources.filter((one) => one.provider === reference);
      return resources.length === 0 ? [] : [accountOfProvider(provider, { ...state, resources }, env)];
    }),
  );
  const onlyOthers =
    others.length > 0 && own.every(({ resources, pending }) => resources.length + pending.length === 0);
  const main = onlyOthers ? [] : [{ runtime: accountOf(reads, chosen, env), unknown: "", states: own }];
  return [...main, ...others];
}

function accountOfProvider(
  { name, values, hidden }: ProviderConfig,
  state: StackState,
  env: NodeJS.ProcessEnv,
): ReportedAccount {
  if (hidden.size > 0) {
    const unknown = `The token of its provider ${name} is encrypted in ${state.origin}: report on the stack itself (--stack), or on a file of \`pulumi stack export --show-secrets\`.`;
    return { runtime: undefined, unknown, states: [state] };
  }
  // The token of the environment is that of another account.
  const runtime = new ProviderRuntime({
    env: { ...env, UTHO_TOKEN: undefined },
    progress: () => silentProgress,
  });
  runtime.configure(sourceOf(values));
  runtime.settings();
  return { runtime, unknown: "", states: [state] };
}

function sourceOf(config: ReadonlyMap<string, string>): ConfigSource {
  return (key) => config.get(key);
}

function isSameAccount(a: ConfigSource, b: ConfigSource, env: NodeJS.ProcessEnv): boolean {
  const [one, other] = [readSettings(a, env), readSettings(b, env)];
  return one.token === other.token && one.endpoint === other.endpoint;
}
