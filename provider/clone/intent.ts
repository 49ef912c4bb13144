import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pulumiHome } from "../engine/home";

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
 * nothing in the cloud tells whose a new server is. Where notes cannot be kept, none is found: then nothing is taken
 * over, and the user is asked.
 */
export class IntentNotes {
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
