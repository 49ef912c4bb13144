import { Semaphore } from "async-mutex";
import { StackAccess } from "./access";
import { readStackConfig } from "./account";
import { projectRoot, projectTexts } from "./project";
import type { PulumiCli } from "./pulumi-cli";
import type { StackState } from "./state";

/** A stack's state, and its configuration for this package where the state comes from the Pulumi CLI. */
export interface StackRead {
  state: StackState;
  /** Values of keys such as "utho:token", in clear. `undefined`: it was read from a file, which has none. */
  config: ReadonlyMap<string, string> | undefined;
}

/** Each command of the CLI is a process of its own; more at a time only wait for the processor. */
const AT_A_TIME = 4;

/**
 * Reads stacks of the program in `folder` with the Pulumi CLI. Nothing is written, and no secret of a state is
 * decrypted.
 * @param names none: the stack that is selected there
 * @throws ProviderFailure `UTHO_STACK`
 */
export async function readStacks(
  pulumi: PulumiCli,
  folder: string,
  names: readonly string[],
): Promise<StackRead[]> {
  const wanted = names.length > 0 ? names : [await selectedStack(pulumi)];
  const turns = new Semaphore(AT_A_TIME);
  return Promise.all(
    wanted.map(async (name) => {
      const [state, config] = await Promise.all([
        turns.runExclusive(() => new StackAccess(pulumi, name).exportToAsk()),
        mayConfigure(folder, name) ? turns.runExclusive(() => readConfig(pulumi, name)) : new Map(),
      ]);
      return { state, config };
    }),
  );
}

async function selectedStack(pulumi: PulumiCli): Promise<string> {
  const name = await pulumi.must("find the selected stack", ["stack", "--show-name"]);
  return name.trim();
}

async function readConfig(pulumi: PulumiCli, name: string): Promise<ReadonlyMap<string, string>> {
  const values = await readStackConfig(name, pulumi);
  return new Map([...values].map(([key, { value }]) => [key, value]));
}

/** Words of project files that mean that a stack may be configured for this package. */
const IN_PROJECT = /utho:|stackConfigDir|^\s*"?config"?\s*:/m;
const IN_STACK = /utho:|environment/;

/**
 * Whether the stack's configuration can hold any of ours. Reading it is a second process for each stack, as slow as
 * the first, and with the token in the environment there is nothing to read. In doubt it is read.
 */
function mayConfigure(folder: string, name: string): boolean {
  const root = projectRoot(folder);
  if (root === undefined) return true;
  const short = name.slice(name.lastIndexOf("/") + 1);
  const project = projectTexts(root, "Pulumi").some((text) => IN_PROJECT.test(text));
  return project || projectTexts(root, `Pulumi.${short}`).some((text) => IN_STACK.test(text));
}
