import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProviderFailure } from "../../provider/failure";
import { TOKENS } from "../../provider/utho/names";
import { type Terminal, toolAsTyped } from "../screen/terminal";
import type { StackAccess } from "../stack/access";
import type { StackState } from "../stack/state";
import { type Backup, backupPath, digestOf, writeBackup } from "./backup";
import { withResources } from "./changed-state";
import type { Door } from "./door";
import { type Adoption, entryOf } from "./entries";
import { changedMeanwhile } from "./refusal";
import type { Scaffold } from "./scaffold";

/** Everything that an adoption needs once it is decided. */
export interface Taking {
  adoptions: readonly Adoption[];
  state: StackState;
  scaffold: Scaffold;
  stack: StackAccess;
  /** `<organisation>/<project>/<stack>`. */
  qualified: string;
  flags: { out: string | undefined; protect: boolean; folder: string };
  door: Door;
  /** The text that declares them. */
  program: string;
  terminal: Terminal;
}

/** Writes, in this order: the program, the copy of the state, the state. A failure at any point leaves it undoable. */
export async function takeIntoState(taking: Taking): Promise<void> {
  const { adoptions, state, scaffold, stack, qualified, flags, door, terminal } = taking;
  const now = Date.now();
  await writeProgram(taking);
  const path = backupPath(terminal.env, qualified, now);
  const adopted = adoptions.map(({ urn, id }) => ({ urn, id }));
  const backup: Backup = { stack: qualified, folder: flags.folder, adopted, before: state.text };
  await writeBackup(path, backup);
  if ((await stack.export()).text !== state.text) throw changedMeanwhile(stack.name);
  let failed: unknown;
  if (door === "plugin") {
    // An import that fails may have taken some of them.
    await importByPulumi(taking).catch((error: unknown) => {
      failed = error;
    });
  } else {
    const context = { ...scaffold, protect: flags.protect, now };
    const entries = adoptions.map((one) => entryOf(one, context));
    await stack.import(withResources(state, [...scaffold.added, ...entries]));
  }
  const after = await stack.export();
  const there = new Set(after.resources.map(({ urn }) => urn));
  const missing = adopted.filter(({ urn }) => !there.has(urn));
  if (failed !== undefined && missing.length === adopted.length) throw failed;
  await writeBackup(path, { ...backup, after: digestOf(after.text) });
  if (missing.length > 0) throw notTaken(stack.name, path, missing, failed);
  const count = adopted.length === 1 ? "1 snapshot" : `${adopted.length} snapshots`;
  const where = flags.out === undefined ? "the program above" : flags.out;
  terminal.err(`Took ${count} into the state of stack ${stack.name}. In Utho nothing was changed.`);
  terminal.err(
    `Put ${where} into your program before the next \`pulumi up\`; \`pulumi preview\` then has nothing to do.`,
  );
  terminal.err(
    `The state before is in ${path}; to go back: ${toolAsTyped(terminal.env)} adopt --undo ${path}`,
  );
}

/** The plugin reads each by its id, and the engine writes its entry: no state is put together here. */
async function importByPulumi({ adoptions, stack, flags }: Taking): Promise<void> {
  const type = `${TOKENS}Snapshot`;
  const resources = adoptions.map(({ logicalName: name, id }) => ({ type, name, id }));
  const folder = await mkdtemp(join(tmpdir(), "pulumi-utho-import-"));
  try {
    const file = join(folder, "import.json");
    await writeFile(file, JSON.stringify({ resources }));
    await stack.importResources(file, flags.protect);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeProgram({ program, flags, terminal }: Taking): Promise<void> {
  if (flags.out === undefined) return terminal.out(program.trimEnd());
  // "wx": a file that has come into being meanwhile is not overwritten either.
  await writeFile(flags.out, program, { flag: "wx" });
}

function notTaken(
  stack: string,
  path: string,
  missing: readonly { id: string }[],
  failed: unknown,
): ProviderFailure {
  const ids = missing.map(({ id }) => id).join(", ");
  const because =
    failed instanceof ProviderFailure
      ? `${ids} could not be imported, and the others were: ${failed.story.because}`
      : `Pulumi accepted the state, but does not show ${ids} in it.`;
  return new ProviderFailure({
    code: "UTHO_ADOPT_CHANGED",
    attempted: `take snapshots into stack ${stack}`,
    because,
    kept: `the state before, in ${path}; in Utho nothing was changed.`,
    next: `look at \`pulumi stack --show-urns\`, since another run may have written at the same moment; run again for the others, or go back: pulumi-utho adopt --undo ${path}`,
  });
}
