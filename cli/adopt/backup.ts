import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isRecord } from "../../client/compact";
import { textOf } from "../../provider/engine/inputs";
import { ProviderFailure } from "../../provider/failure";
import { pulumiHome } from "../../provider/utho/notes";

const FORMAT = "pulumi-utho adoption 1";

/** What an adoption keeps, so that it can be undone. */
export interface Backup {
  /** `<organisation>/<project>/<stack>`. */
  stack: string;
  /** Folder of the program, where the stack can be reached from. */
  folder: string;
  adopted: { urn: string; id: string }[];
  /** The export before, secrets encrypted. */
  before: string;
  /** Digest of the export after; absent where the run did not get that far. */
  after?: string;
}

/** A file that does not exist yet, in Pulumi's home, for the state of this stack. Errors: `UTHO_ADOPT_REFUSED`. */
export function backupPath(env: NodeJS.ProcessEnv, stack: string, now: number): string {
  const home = pulumiHome(env);
  if (home === undefined) throw noPlace(stack);
  const time = new Date(now).toISOString().replace(/[-:.]/g, "");
  return join(home, "pulumi-utho", "adoptions", `${stack.replace(/[^\w.-]+/g, "-")}-${time}.json`);
}

function noPlace(stack: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_ADOPT_REFUSED",
    attempted: `keep a copy of the state of stack ${stack}`,
    because: "this user has no home folder, and PULUMI_HOME is not set.",
    kept: "the state is as it was.",
    next: "set PULUMI_HOME to a folder that this user can write.",
  });
}

/** Writes it readable by its user alone, beside and renamed, so that it is whole or not there. */
export async function writeBackup(path: string, backup: Backup): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true, mode: 0o700 });
  const unfinished = `${path}.${process.pid}.tmp`;
  await writeFile(unfinished, JSON.stringify({ format: FORMAT, ...backup }), { mode: 0o600, flush: true });
  await rename(unfinished, path);
}

/** Errors: `UTHO_ADOPT_UNDO` for any other file. */
export async function readBackup(path: string): Promise<Backup> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    const backup = isRecord(value) && value.format === FORMAT ? toBackup(value) : undefined;
    if (backup !== undefined) return backup;
    throw new Error("it was not written by `pulumi-utho adopt`");
  } catch (cause) {
    throw new ProviderFailure({
      code: "UTHO_ADOPT_UNDO",
      attempted: `read ${path}`,
      because: `${cause instanceof Error ? cause.message : String(cause)}.`,
      kept: "nothing was touched.",
      next: "give the file whose path the adoption printed; they are in Pulumi's home, under pulumi-utho/adoptions.",
      cause,
    });
  }
}

function toBackup(value: Readonly<Record<string, unknown>>): Backup | undefined {
  const [stack, folder, before, after] = ["stack", "folder", "before", "after"].map((key) =>
    textOf(value[key]),
  );
  if (stack === undefined || folder === undefined || before === undefined) return undefined;
  const adopted = (Array.isArray(value.adopted) ? value.adopted : []).flatMap((one: unknown) => {
    const [urn, id] = isRecord(one) ? [textOf(one.urn), textOf(one.id)] : [];
    return urn === undefined || id === undefined ? [] : [{ urn, id }];
  });
  return { stack, folder, adopted, before, ...(after === undefined ? {} : { after }) };
}

/** A digest of an export's text. */
export function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
