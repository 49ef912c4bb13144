import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pulumiHome } from "../engine/home";
import { ProviderFailure } from "../failure";

/** A server that a run of ours has switched off and means to switch on again. */
export interface PoweredOff {
  cloudId: string;
  /** ISO 8601. */
  since: string;
  resourceUrn?: string | undefined;
  /** The process that means to switch it on again; absent in notes of older versions. */
  pid?: number | undefined;
}

/**
 * Remembers on this machine which servers a run has switched off, from before the call until the server is back. A
 * run that is killed in between leaves its note, and the next one sees from it that the server is not off by the
 * user's will. Utho itself has no place for such a note.
 */
export class PowerLedger {
  constructor(
    /** `undefined`: there is none on this machine, so that nothing can be noted and nothing is found. */
    private readonly folder: string | undefined,
    private readonly endpoint: string,
  ) {}

  /** The ledger of the machine's Pulumi home, apart for each endpoint. */
  static ofThisMachine(env: NodeJS.ProcessEnv, endpoint: string): PowerLedger {
    const home = pulumiHome(env);
    return new PowerLedger(
      home === undefined ? undefined : join(home, "pulumi-utho", "powered-off"),
      endpoint,
    );
  }

  /**
   * Written before the server is touched.
   *
   * Errors: `UTHO_POWER_NOTE` where it cannot be kept: after a kill nothing would switch the server on again.
   */
  async note(entry: PoweredOff): Promise<void> {
    const { folder } = this;
    if (folder === undefined)
      throw notKept(entry.cloudId, "this user has no home folder, and PULUMI_HOME is not set");
    const note = { ...entry, pid: process.pid };
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(this.fileOf(folder, entry.cloudId), JSON.stringify(note), { flush: true });
    } catch (cause) {
      throw notKept(entry.cloudId, cause instanceof Error ? cause.message : String(cause), cause);
    }
  }

  async clear(cloudId: string): Promise<void> {
    if (this.folder !== undefined) await rm(this.fileOf(this.folder, cloudId), { force: true });
  }

  /**
   * What a run that is no more has noted; a note that cannot be read is none. That of a run which goes on is its own
   * business: switching the server on would spoil the snapshot that it takes.
   */
  async find(cloudId: string): Promise<PoweredOff | undefined> {
    if (this.folder === undefined) return undefined;
    const note = await readNote(this.fileOf(this.folder, cloudId));
    if (note?.cloudId !== cloudId) return undefined;
    return (await isAnotherRun(note.pid)) ? undefined : note;
  }

  /** All notes of this machine, whatever the endpoint; what cannot be read is left out. */
  async all(): Promise<PoweredOff[]> {
    const { folder } = this;
    if (folder === undefined) return [];
    const files = await readdir(folder).catch(() => []);
    const notes = await Promise.all(files.map((file) => readNote(join(folder, file))));
    return notes.filter((note) => note !== undefined);
  }

  private fileOf(folder: string, cloudId: string): string {
    const key = createHash("sha256").update(`${this.endpoint}\n${cloudId}`).digest("hex").slice(0, 16);
    return join(folder, `${key}.json`);
  }
}

function notKept(cloudId: string, reason: string, cause?: unknown): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_POWER_NOTE",
    attempted: `note on this machine that server ${cloudId} is about to be switched off`,
    because: `the note cannot be written (${reason}), and without it nothing would switch the server on again after a kill.`,
    kept: "the server runs as before; no snapshot was taken.",
    next: "set PULUMI_HOME to a folder that this user can write and that the next run finds again, or take a live snapshot with `powerOff: false`.",
    cause,
  });
}

async function readNote(file: string): Promise<PoweredOff | undefined> {
  try {
    const note: unknown = JSON.parse(await readFile(file, "utf8"));
    return isPoweredOff(note) ? note : undefined;
  } catch {
    return undefined;
  }
}

/** Whether another plugin with this process id is alive. Ids are used again, so its command line is looked at. */
async function isAnotherRun(pid: number | undefined): Promise<boolean> {
  if (pid === undefined || pid === process.pid || !isAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return command.includes("dynamic-provider");
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function isPoweredOff(note: unknown): note is PoweredOff {
  if (typeof note !== "object" || note === null) return false;
  return (
    "cloudId" in note && typeof note.cloudId === "string" && "since" in note && typeof note.since === "string"
  );
}
