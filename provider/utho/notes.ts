import { createHash } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { isRecord } from "../../client/compact";
import type { CloudId } from "../../client/request";

import { isPlugin } from "../engine/lifeline";
import { ProviderFailure } from "../failure";

/** `undefined`: the user of a container may have no home. */
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

/** What no later run needs: without a home folder it lies below the temporary folder. */
export function runsFolder(env: NodeJS.ProcessEnv): string | undefined {
  const folder = folderOf(env, "runs");
  if (folder !== undefined) return folder;
  const user = process.getuid?.();
  const own = join(tmpdir(), `pulumi-utho-${user ?? ""}`);
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 });
    // All may write there, and another user may have made this folder before.
    return user === undefined || lstatSync(own).uid === user ? join(own, "runs") : undefined;
  } catch {
    return undefined;
  }
}

/** A server that a run of ours has switched off and means to switch on again. */
interface PoweredOff {
  cloudId: CloudId;
  since: string;
  resourceUrn?: string | undefined;
  /** The process that means to switch it on again; absent in notes of older versions. */
  pid?: number | undefined;
}

/** What is written down before a deploy call: the only proof, after a kill, that a server is this resource's. */
export interface Intent {
  /** Which deployment of the resource it was. */
  mark: string;
  hostname: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  askedAt: number;
  before: readonly string[];
  /** The server that was made, once its id was known. */
  made?: string;
}

/**
 * Notes of one kind on this machine, one for each key, kept for the run after one that was killed. Utho itself has no
 * place for them. Where there is no such folder, nothing is kept and nothing is found; nor is a note that cannot be read.
 */
export class Notes<T> {
  protected constructor(
    private readonly folder: string | undefined,
    /** What sets these keys apart from those of another program or account. */
    private readonly scope: string,
    private readonly isNote: (note: unknown) => note is T,
  ) {}

  /**
   * Of deployments, one for each resource. Utho knows no tags and hostnames may be shared, so nothing in the cloud shows
   * whose a new server is. The engine starts the plugin in the program's folder: the same program elsewhere is another one.
   */
  static ofDeployments(env: NodeJS.ProcessEnv, endpoint: string): Notes<Intent> {
    return new Notes(folderOf(env, "deployments"), `${process.cwd()}\n${endpoint}`, isIntent);
  }

  /** Writes it whole or not at all, since a kill may come at any moment. Gives what stood against it. */
  write(key: string, note: T): Error | undefined {
    if (this.folder === undefined)
      return new Error("this user has no home folder, and PULUMI_HOME is not set");
    const file = this.fileOf(this.folder, key);
    // Another run may write a note of the same server at this moment.
    const unfinished = `${file}.${process.pid}.tmp`;
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      writeFileSync(unfinished, JSON.stringify(note), { mode: 0o600, flush: true });
      renameSync(unfinished, file);
      return undefined;
    } catch (cause) {
      return cause instanceof Error ? cause : new Error(String(cause));
    }
  }

  find(key: string): T | undefined {
    return this.folder === undefined ? undefined : this.read(this.fileOf(this.folder, key));
  }

  /** All notes of this kind, whatever their scope. */
  all(): T[] {
    const { folder } = this;
    if (folder === undefined || !existsSync(folder)) return [];
    const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
    return files.map((file) => this.read(join(folder, file))).filter((note) => note !== undefined);
  }

  remove(key: string): void {
    if (this.folder === undefined) return;
    try {
      rmSync(this.fileOf(this.folder, key), { force: true });
    } catch {
      // One that stays is seen to be out of date by whoever finds it.
    }
  }

  private read(file: string): T | undefined {
    // There is hardly ever one, and an error for each turn of a server costs more than all else that the turn does here.
    if (!existsSync(file)) return undefined;
    try {
      const note: unknown = JSON.parse(readFileSync(file, "utf8"));
      return this.isNote(note) ? note : undefined;
    } catch {
      return undefined;
    }
  }

  private fileOf(folder: string, key: string): string {
    const name = createHash("sha256").update(`${this.scope}\n${key}`).digest("hex").slice(0, 32);
    return join(folder, `${name}.json`);
  }
}

export function folderOf(env: NodeJS.ProcessEnv, kind: string): string | undefined {
  const home = pulumiHome(env);
  return home === undefined ? undefined : join(home, "pulumi-utho", kind);
}

/** From before the call until the server is back: what a killed run left shows that the server is not off by choice. */
export class PowerLedger extends Notes<PoweredOff> {
  constructor(env: NodeJS.ProcessEnv, endpoint: string) {
    super(folderOf(env, "powered-off"), endpoint, isPoweredOff);
  }

  /**
   * Written before the server is touched.
   *
   * Errors: `UTHO_POWER_NOTE` where it cannot be kept: after a kill nothing would switch the server on again.
   */
  async note(entry: PoweredOff): Promise<void> {
    const trouble = this.write(entry.cloudId, { ...entry, pid: process.pid });
    if (trouble !== undefined)
      throw new ProviderFailure({
        code: "UTHO_POWER_NOTE",
        attempted: `note on this machine that server ${entry.cloudId} is about to be switched off`,
        because: `the note cannot be written (${trouble.message}), and without it nothing would switch the server on again after a kill.`,
        kept: "the server runs as before; no snapshot was taken.",
        next: "set PULUMI_HOME to a folder that this user can write and that the next run finds again, or take a live snapshot with `powerOff: false`.",
        cause: trouble,
      });
  }

  /** The note of a run that goes on is its own business: switching the server on would spoil the snapshot that it takes. */
  override find(cloudId: CloudId): PoweredOff | undefined {
    const note = super.find(cloudId);
    if (note?.cloudId !== cloudId) return undefined;
    const { pid = process.pid } = note;
    return pid !== process.pid && isPlugin(pid) ? undefined : note;
  }

  /** Whether another run that goes on has switched the server off. */
  isHeldByAnother(cloudId: CloudId): boolean {
    return super.find(cloudId)?.cloudId === cloudId && this.find(cloudId) === undefined;
  }

  /** Leaves the note of a run that goes on, which may have taken the place of this run's. */
  override remove(cloudId: CloudId): void {
    if (this.find(cloudId) !== undefined) super.remove(cloudId);
  }
}

function isPoweredOff(note: unknown): note is PoweredOff {
  return isRecord(note) && typeof note.cloudId === "string" && typeof note.since === "string";
}

function isIntent(note: unknown): note is Intent {
  if (!isRecord(note) || typeof note.mark !== "string" || typeof note.hostname !== "string") return false;
  return typeof note.askedAt === "number" && Array.isArray(note.before);
}
