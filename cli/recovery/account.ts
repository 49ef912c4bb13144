import { readSettings } from "../../provider/config";
import { ProviderFailure } from "../../provider/failure";
import { Ended, type Terminal, toolAsTyped } from "../screen/terminal";
import { shellWord } from "../screen/text";
import { StackAccess } from "../stack/access";
import { type AccountFlags, readStackConfig } from "../stack/account";
import { PulumiCli } from "../stack/pulumi-cli";
import type { StackState } from "../stack/state";
import { type AccountView, viewAccount } from "../stack/view";
import type { OwnProject, ProjectAccount } from "./own-project";

/** Options that `restore` and `clone` share. */
export interface RecoveryFlags extends AccountFlags {
  to?: string;
  undo?: boolean;
  yes?: boolean;
  json?: boolean;
  timeZone?: string;
  folder?: string;
}

/** The account that is worked on: as it is now, and how the project of the command reaches it. */
export interface RecoveryAccount extends ProjectAccount {
  view: AccountView;
  /** The state of the user's stack, which says why a snapshot is there. */
  state: StackState | undefined;
}

/** Looks at the account. A state that cannot be read says less, and stops no restore. */
export async function readAccount(flags: RecoveryFlags, terminal: Terminal): Promise<RecoveryAccount> {
  const { stack, cwd } = flags;
  const pulumi = new PulumiCli(cwd, terminal);
  const config = stack === undefined ? new Map() : await readStackConfig(stack, pulumi);
  const settings = readSettings((key) => config.get(key)?.value, terminal.env);
  const [view, state] = await Promise.all([
    viewAccount(config, undefined, terminal),
    stack === undefined
      ? undefined
      : new StackAccess(pulumi, stack).export().catch(asFarAsKnown(stack, terminal)),
  ]);
  return { settings, config, view, state };
}

function asFarAsKnown(stack: string, terminal: Terminal): (error: unknown) => undefined {
  return (error) => {
    if (!(error instanceof ProviderFailure)) throw error;
    terminal.err(
      `The state of stack ${stack} could not be read, so the list says less: ${error.story.because}`,
    );
    return undefined;
  };
}

/** The command line that was typed, for another one about the same: what account, which folder. */
export function typed(command: string, flags: RecoveryFlags, env: NodeJS.ProcessEnv): string {
  const given = { stack: flags.stack, cwd: flags.cwd, folder: flags.folder, "time-zone": flags.timeZone };
  return [toolAsTyped(env), command, ...optionsOf(given)].join(" ");
}

/** Options as they are typed; those that were not given are left out. */
export function optionsOf(given: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(given).flatMap(([key, value]) =>
    value === undefined ? [] : [`--${key} ${shellWord(value)}`],
  );
}

/** Previews, and finds out whether to go on. @throws Ended where the preview fails */
export async function confirmed(
  project: OwnProject,
  question: string,
  flags: RecoveryFlags,
  terminal: Terminal,
): Promise<boolean> {
  if (flags.yes === true) return true;
  if ((await project.preview()) !== 0) throw new Ended(1);
  return agreed(question, flags, terminal);
}

/** Whether it is to be done: by `--yes`, or by a person at a terminal. */
export async function agreed(question: string, flags: RecoveryFlags, terminal: Terminal): Promise<boolean> {
  if (flags.yes === true) return true;
  return terminal.ask !== undefined && (await terminal.ask(`${question} [y/N] `));
}

/** A run of the project that did not end well. What it did is in its state, and the same command goes on. */
export function notEnded(what: string, project: OwnProject, next: string): ProviderFailure {
  const { folder, stopped } = project;
  return new ProviderFailure({
    code: stopped ? "UTHO_CANCELLED" : "UTHO_STACK",
    attempted: what,
    because: stopped ? "it was stopped." : "the run of Pulumi did not end well; the lines above say why.",
    kept: `what was done until then is known in ${folder}.`,
    next: `${stopped ? "" : "put right what the error above names, and "}run \`${next}\` again: it goes on from there, and does nothing twice.`,
  });
}
