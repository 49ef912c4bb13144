import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { CloudId } from "../../client/id";
import { ProviderFailure } from "../failure";

/**
 * Pulumi's own folder on this machine, where notes of this package are kept too. `undefined`: no such folder, since the
 * user of a container may have no home.
 */
export function pulumiHome(env: NodeJS.ProcessEnv): string | undefined {
  const { PULUMI_HOME: configured = "" } = env;
  if (configured !== "") return configured;
  const home = userHome();
  return isAbsolute(home) ? join(home, ".pulumi") : undefined;
}

function userHome(): string {
  try {
    return homedir();
  } catch {
    return "";
  }
}

/** A server that a run of ours has switched off and means to switch on again. */
interface PoweredOff {
  cloudId: CloudId;
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
    /** `undefined`: this machine has no such folder, so nothing can be noted and nothing is found. */
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

  async clear(cloudId: CloudId): Promise<void> {
    if (this.folder !== undefined) await rm(this.fileOf(this.folder, cloudId), { force: true });
  }

  /**
   * What an ended run has noted; an unreadable note does not count. That of a run which goes on is its own
   * business: switching the server on would spoil the snapshot that it takes.
   */
  async find(cloudId: CloudId): Promise<PoweredOff | undefined> {
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

  private fileOf(folder: string, cloudId: CloudId): string {
    const key = createHash("sha256").update(`${this.endpoint}\n${cloudId}`).digest("hex").slice(0, 16);
    return join(folder, `${key}.json`);
  }
}

function notKept(cloudId: CloudId, reason: string, cause?: unknown): ProviderFailure {
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

/** What is written down before a deploy call: the only proof, after a kill, that a server is this resource's. */
export interface Intent {
  /** Which deployment of the resource it was. Notes of earlier versions have none. */
  mark?: string;
  hostname: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  askedAt: number;
  /** Servers of that hostname that were there before. */
  before: readonly string[];
  /** The server that was made, once its id was known. */
  made?: string;
}

/** The engine starts the plugin in the program's folder: the same program elsewhere is another program. */
export function notesOf(env: NodeJS.ProcessEnv, endpoint: string): IntentNotes {
  return new IntentNotes(env, `${process.cwd()}\n${endpoint}`);
}

/**
 * Notes about deployments, on this machine, one for each resource. Utho knows no tags and hostnames may be shared, so
 * nothing in the cloud shows whose a new server is. Without notes nothing is taken
 * over, and the user is asked.
 */
class IntentNotes {
  /** `undefined`: there is no place for notes on this machine. */
  private readonly folder: string | undefined;

  constructor(
    env: NodeJS.ProcessEnv,
    /** What sets these resources apart from those of another program or account of the same names. */
    private readonly scope: string,
  ) {
    const home = pulumiHome(env);
    this.folder = home === undefined ? undefined : join(home, "pulumi-utho", "deployments");
  }

  find(urn: string): Intent | undefined {
    if (this.folder === undefined) return undefined;
    try {
      const note: unknown = JSON.parse(readFileSync(this.fileOf(this.folder, urn), "utf8"));
      return isIntent(note) ? note : undefined;
    } catch {
      return undefined;
    }
  }

  /** Written whole or not at all: a kill may come at any moment. */
  write(urn: string, intent: Intent): void {
    if (this.folder === undefined) return;
    const file = this.fileOf(this.folder, urn);
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(`${file}.new`, JSON.stringify(intent), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    } catch {
      // A read-only home must not stop a deployment.
    }
  }

  remove(urn: string): void {
    if (this.folder === undefined) return;
    try {
      rmSync(this.fileOf(this.folder, urn), { force: true });
    } catch {
      // A note that stays is ignored once it is older than utho:takeoverWindow.
    }
  }

  private fileOf(folder: string, urn: string): string {
    const name = createHash("sha256").update(`${this.scope}\n${urn}`).digest("hex").slice(0, 32);
    return join(folder, `${name}.json`);
  }
}

function isIntent(note: unknown): note is Intent {
  if (typeof note !== "object" || note === null) return false;
  if (!("hostname" in note) || !("askedAt" in note) || !("before" in note)) return false;
  return typeof note.hostname === "string" && typeof note.askedAt === "number" && Array.isArray(note.before);
}
