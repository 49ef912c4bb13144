import { type ConfigSource, readSettings } from "../../provider/config";
import { silentProgress } from "../../provider/engine/progress";
import { ProviderRuntime } from "../../provider/utho/runtime";
import { UsageError } from "../screen/terminal";
import type { StackRead } from "../stack/exported";

/**
 * The one account that all the stacks use: a stack's own configuration, or else the environment. Asked with another
 * account's token, Utho would show every snapshot as missing, so stacks that differ are an error.
 * @param chosen the stack whose configuration is to be used for all
 * @throws UsageError, ProviderFailure
 */
export function accountOf(
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
    throw new UsageError(`--account: "${chosen}" is none of the stacks that are reported on`);
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

function sourceOf(config: ReadonlyMap<string, string>): ConfigSource {
  return (key) => config.get(key);
}

function isSameAccount(a: ConfigSource, b: ConfigSource, env: NodeJS.ProcessEnv): boolean {
  const [one, other] = [readSettings(a, env), readSettings(b, env)];
  return one.token === other.token && one.endpoint === other.endpoint;
}
