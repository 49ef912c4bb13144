import { ProviderFailure } from "../../provider/failure";
import type { Terminal } from "../screen/terminal";
import { StackAccess } from "../stack/access";
import type { AccountFlags } from "../stack/account";
import { PulumiCli } from "../stack/pulumi-cli";
import type { StackState } from "../stack/state";
import { type Backup, digestOf, readBackup } from "./backup";

/**
 * Puts back the state that an adoption kept, if the stack is still just as the adoption left it. The snapshots stay in
 * Utho.
 *
 * Errors: `UTHO_ADOPT_UNDO`, `UTHO_STACK`.
 */
export async function undoAdoption(path: string, flags: AccountFlags, terminal: Terminal): Promise<void> {
  const backup = await readBackup(path);
  const pulumi = new PulumiCli(flags.cwd ?? backup.folder, terminal);
  const stack = new StackAccess(pulumi, flags.stack ?? backup.stack);
  const now = await stack.export();
  refuseIfChanged(now, backup, stack.name);
  await stack.import(backup.before);
  const after = await stack.export();
  const left = backup.adopted.filter(({ urn }) => after.resources.some((one) => one.urn === urn));
  if (left.length > 0) {
    throw refusal(
      stack.name,
      backup,
      `${left.length} of the snapshots are in its state after the import too.`,
    );
  }
  terminal.err(
    `Stack ${stack.name} is as it was before the adoption: its state no longer knows ${countOf(backup.adopted.length)}. ` +
      `In Utho nothing was changed. Take the declarations out of the program too. ${path} can be removed.`,
  );
}

function refuseIfChanged(now: StackState, backup: Backup, stack: string): void {
  if (backup.after === digestOf(now.text)) return;
  const present = backup.adopted.filter(({ urn, id }) =>
    now.resources.some((one) => one.urn === urn && one.id === id),
  );
  if (present.length === 0) {
    throw new ProviderFailure({
      code: "UTHO_ADOPT_UNDO",
      attempted: `undo the adoption into stack ${stack}`,
      because: "none of its snapshots is in the state: the adoption was undone already, or never done.",
      kept: "nothing was touched.",
      next: "there is nothing to do.",
    });
  }
  throw refusal(
    stack,
    backup,
    "the stack was changed since, and putting the old state back would lose that.",
  );
}

function refusal(stack: string, backup: Backup, because: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_ADOPT_UNDO",
    attempted: `undo the adoption into stack ${stack}`,
    because,
    kept: "the state is as it is now, and the snapshots are in Utho.",
    next: `take the declarations out of the program, and make Pulumi forget each snapshot, which deletes nothing in Utho: ${backup.adopted
      .map(({ urn }) => `\`pulumi state delete --force --yes --stack ${stack} '${urn}'\``)
      .join(", ")}.`,
  });
}

function countOf(count: number): string {
  return count === 1 ? "1 snapshot" : `${count} snapshots`;
}
