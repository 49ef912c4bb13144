import { randomUUID } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { isPlugin } from "./lifeline";

/** This process as a writer; a process with the same number is another one where the rest differs. */
const SELF = `${process.pid}.${randomUUID()}`;

/**
 * What the processes of one engine know of a run. An engine runs one for each version of the plugin and each explicit
 * provider, so what `create` takes over in one may be what `delete` removes in another. Every fact is a line of a file
 * that all of them append to and read; without a file it is the memory of this process. What was written by a process
 * that is no more, such as that of an earlier engine at the same address, does not count.
 */
export class Journal {
  private readonly facts = new Map<string, Map<string, unknown>>();
  private readonly own: string[] = [];
  private readonly living = new Map<string, boolean>();
  private inode = 0;
  private offset = 0;

  constructor(private file?: string) {}

  /** The journal of the engine at this address, below a folder of this machine; those that a kill left behind go. */
  static of(folder: string | undefined, engine: string | undefined): Journal {
    if (folder === undefined || engine === undefined) return new Journal();
    const file = join(folder, `${engine.replace(/[^\w.]/g, "-")}.jsonl`);
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const journal = new Journal(file);
      journal.write("", "", null);
      forgetDead(folder);
      return journal;
    } catch {
      return new Journal();
    }
  }

  write(kind: string, key: string, value: unknown): void {
    const line = `${JSON.stringify([SELF, kind, key, value])}\n`;
    if (this.file === undefined) {
      this.apply(line);
      return;
    }
    this.own.push(line);
    try {
      appendFileSync(this.file, line, { mode: 0o600 });
      this.knowOwn(this.file, line);
    } catch {
      this.goOnAlone();
    }
  }

  /** A line that is all that was added since the last look need not be read from the file. */
  private knowOwn(file: string, line: string): void {
    const end = this.offset + Buffer.byteLength(line);
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.ino !== this.inode || found.size !== end) return;
    this.apply(line);
    this.offset = end;
  }

  /** What is known by now of one kind, in the order in which it was first written. */
  read(kind: string): ReadonlyMap<string, unknown> {
    try {
      if (this.file !== undefined) this.catchUp(this.file);
    } catch {
      this.goOnAlone();
    }
    return this.facts.get(kind) ?? new Map();
  }

  /** On a full disk, for example. What was made must get into the state, whether it can be remembered here or not. */
  private goOnAlone(): void {
    this.file = undefined;
    for (const line of this.own) this.apply(line);
  }

  private catchUp(file: string): void {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.ino === this.inode && found.size === this.offset) return;
    if (this.inode !== 0 && found?.ino !== this.inode) {
      // Removed by another process, which took this one for dead.
      appendFileSync(file, this.own.join(""), { mode: 0o600 });
    }
    const opened = openSync(file, "r");
    try {
      const { ino, size } = fstatSync(opened);
      const begin = ino === this.inode ? this.offset : 0;
      const added = Buffer.alloc(size - begin);
      readSync(opened, added, 0, added.length, begin);
      const end = added.lastIndexOf("\n") + 1;
      this.inode = ino;
      this.offset = begin + end;
      for (const line of added.toString("utf8", 0, end).split("\n")) this.apply(line);
    } finally {
      closeSync(opened);
    }
  }

  private apply(line: string): void {
    const [writer, kind, key, value] = parsed(line);
    if (typeof writer !== "string" || typeof kind !== "string" || typeof key !== "string") return;
    if (!this.lives(writer)) return;
    const facts = this.facts.get(kind) ?? new Map<string, unknown>();
    this.facts.set(kind, facts);
    if (value === null) facts.delete(key);
    else facts.set(key, value);
  }

  private lives(writer: string): boolean {
    const known = this.living.get(writer) ?? isLiving(writer);
    this.living.set(writer, known);
    return known;
  }
}

function parsed(line: string): unknown[] {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function isLiving(writer: string): boolean {
  const pid = Number.parseInt(writer, 10);
  return writer === SELF || (pid !== process.pid && isPlugin(pid));
}

/** Ends what dead processes left; the engine ends its plugins without notice. */
function forgetDead(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const writers = readFileSync(file, "utf8")
      .split("\n")
      .map((line) => parsed(line)[0]);
    if (!writers.some((one) => typeof one === "string" && isLiving(one))) rmSync(file, { force: true });
  }
}

export class Facts<V> {
  constructor(
    private readonly journal: Journal,
    private readonly kind: string,
    /** What another version of this package may have written otherwise is no fact. */
    private readonly asFact: (written: unknown) => V | undefined,
  ) {}

  get(key: string): V | undefined {
    return this.asFact(this.journal.read(this.kind).get(key));
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: V): void {
    this.journal.write(this.kind, key, value);
  }

  delete(key: string): void {
    this.journal.write(this.kind, key, null);
  }

  entries(): [string, V][] {
    return [...this.journal.read(this.kind)].flatMap(([key, written]): [string, V][] => {
      const value = this.asFact(written);
      return value === undefined ? [] : [[key, value]];
    });
  }
}

export function isTrue(written: unknown): true | undefined {
  return written === true ? true : undefined;
}
