import { createHash, randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { hostname } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import { DEFAULT_ENDPOINT } from "../../client/options";
import { CONFIG_KEYS, givenIn, type Key, type Settings } from "../../provider/config";
import { isAlive } from "../../provider/engine/lifeline";
import { ProviderFailure } from "../../provider/failure";
import { pulumiHome } from "../../provider/utho/notes";
import { type Terminal, UsageError } from "../screen/terminal";
import { folded } from "../screen/text";
import { StackAccess } from "../stack/access";
import type { ConfigValue } from "../stack/account";
import { PulumiCli } from "../stack/pulumi-cli";
import type { StackState } from "../stack/state";

const STACK = "now";

/** What the project's program declares: one resource of this package. */
export interface Declared {
  type: "SnapshotRestore" | "ServerClone";
  name: string;
  args: Record<string, unknown>;
  /** Name of the restore that this one undoes; absent where it undoes none. */
  undoes?: string | undefined;
}

const declaredSchema: v.GenericSchema<unknown, Declared[]> = v.array(
  v.object({
    type: v.picklist(["SnapshotRestore", "ServerClone"]),
    name: v.string(),
    args: v.record(v.string(), v.unknown()),
    undoes: v.optional(v.string()),
  }),
);

const HEAD = `"use strict";
// Written by \`pulumi-utho\`. What it declares is in declared.json.
`;

const PROGRAM = `${HEAD}const utho = require("pulumi-utho");
for (const { type, name, args } of require("./declared.json")) {
  const made = new utho[type](name, args);
  exports[name] = type === "ServerClone" ? made.password : made.safetySnapshotId;
}
`;

/** All that may be in its folder. */
const OWN_FILES = [
  ...[
    "Pulumi.yaml",
    `Pulumi.${STACK}.yaml`,
    "package.json",
    "index.js",
    "declared.json",
    "declared.json.new",
  ],
  ...["passphrase", "node_modules", "state"],
];

/** The account that the project works on: that of the user's stack, or of the environment. */
export interface ProjectAccount {
  settings: Settings;
  config: ReadonlyMap<string, ConfigValue>;
}

/**
 * A Pulumi project that a command makes for one purpose, in a folder of its own: its state is there, so it waits for
 * no other stack's lock, and a later run of the command goes on where this one ended. The token is in the environment
 * of its commands and in none of its files.
 */
export class OwnProject {
  private readonly pulumi: PulumiCli;
  /** What a run did is read to the end, also after a Ctrl-C. */
  private readonly reader: PulumiCli;

  constructor(
    readonly folder: string,
    private readonly account: ProjectAccount,
    private readonly terminal: Terminal,
  ) {
    const env = {
      ...terminal.env,
      UTHO_TOKEN: account.settings.token,
      UTHO_ENDPOINT: account.settings.endpoint,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
      PULUMI_CONFIG_PASSPHRASE: undefined,
      PULUMI_STACK: undefined,
    };
    this.pulumi = new PulumiCli(folder, { env, ending: terminal.ending });
    this.reader = new PulumiCli(folder, { env, ending: new AbortController().signal });
  }

  /** Whether the user has stopped the command. */
  get stopped(): boolean {
    return this.terminal.ending.aborted;
  }

  get exists(): boolean {
    return existsSync(join(this.folder, "declared.json"));
  }

  /** What its program declares; nothing where there is no project yet. */
  declared(): Declared[] {
    if (!this.exists) return [];
    return v.parse(declaredSchema, JSON.parse(readFileSync(join(this.folder, "declared.json"), "utf8")));
  }

  /** Its state; `undefined` where there is no project yet. Waits for the end of another run on it. */
  async state(): Promise<StackState | undefined> {
    if (!this.exists) return undefined;
    await this.untilFree();
    return new StackAccess(this.reader, STACK).export();
  }

  /** Writes the project, and makes its stack. What it declared before stays where it is among `declared`. */
  async write(kind: "restore" | "clone", declared: readonly Declared[]): Promise<void> {
    const { folder } = this;
    await refuseForeign(folder);
    await mkdir(join(folder, "state"), { recursive: true, mode: 0o700 });
    // A folder that was lost must not come back with the same names: what they mark in Utho would be taken for its own.
    const name = `${kind}-${randomBytes(3).toString("hex")}`;
    await writeNew(join(folder, "Pulumi.yaml"), JSON.stringify(this.settings(name), null, 2));
    await writeNew(join(folder, "package.json"), JSON.stringify({ name, private: true, main: "index.js" }));
    await writeNew(join(folder, "passphrase"), randomBytes(24).toString("base64url"));
    await writeFile(join(folder, "index.js"), PROGRAM);
    await linkPackages(folder);
    await this.pulumi.must(`make a stack in ${folder}`, ["stack", "select", "--create", STACK]);
    const file = join(folder, "declared.json");
    const unfinished = `${file}.${process.pid}.tmp`;
    await writeFile(unfinished, JSON.stringify(declared, null, 2));
    await rename(unfinished, file);
  }

  preview(): Promise<number> {
    return this.watch(["preview"]);
  }

  up(): Promise<number> {
    return this.watch(["up", "--yes", "--skip-preview"]);
  }

  destroy(): Promise<number> {
    return this.watch(["destroy", "--yes", "--skip-preview"]);
  }

  /** What someone else put there stays. */
  async remove(): Promise<void> {
    for (const name of OWN_FILES) await rm(join(this.folder, name), { recursive: true, force: true });
    await rmdir(this.folder).catch(() => {});
  }

  private watch([verb = "", ...more]: readonly string[]): Promise<number> {
    const { err, width } = this.terminal;
    return this.pulumi.watch([verb, `--stack=${STACK}`, ...more], (text) => {
      // The command has said it in its own words.
      if (text.includes(" will be overwritten with ")) return;
      for (const line of folded(text, width)) err(line);
    });
  }

  /** The settings of the user's stack that are no secret go along. */
  private settings(name: string): object {
    const keys = Object.keys(CONFIG_KEYS).filter((key): key is Key => key !== "token" && key !== "endpoint");
    const config = keys.flatMap((key) => {
      const value = givenIn((full) => this.account.config.get(full)?.value, key);
      return value === undefined ? [] : [[`utho:${key}`, { value }] as const];
    });
    const options = { typescript: false };
    return { name, runtime: { name: "nodejs", options }, config: Object.fromEntries(config) };
  }

  /** Two runs never work on one project: the second waits. A lock that a killed run left is taken away. */
  private async untilFree(): Promise<void> {
    for (let announced = false; ; announced = true) {
      const holders = await this.holders();
      if (holders.length === 0) return;
      if (!holders.some(isAtWork))
        return void (await this.pulumi.run(["cancel", "--yes", `--stack=${STACK}`]));
      if (!announced)
        this.terminal.err(
          `Another run works in ${this.folder} (process ${holders[0]?.pid}): waiting for its end.`,
        );
      if (this.terminal.ending.aborted) throw stillBusy(this.folder);
      await delay(500, undefined, { signal: this.terminal.ending }).catch(() => {
        throw stillBusy(this.folder);
      });
    }
  }

  private async holders(): Promise<Holder[]> {
    const folder = join(this.folder, "state", ".pulumi", "locks");
    const files = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
    const locks = files.filter((file) => file.endsWith(".json"));
    return Promise.all(
      locks.map(async (file) => {
        // It may end between the two.
        const text = await readFile(join(folder, file), "utf8").catch(() => "{}");
        return v.parse(holderSchema, JSON.parse(text));
      }),
    );
  }
}

const holderSchema = v.object({ pid: v.optional(v.number(), 0), hostname: v.optional(v.string(), "") });

type Holder = v.InferOutput<typeof holderSchema>;

/** Of another machine nothing can be seen, so it counts as alive. */
function isAtWork({ pid, hostname: machine }: Holder): boolean {
  return (machine !== "" && machine !== hostname()) || isAlive(pid);
}

/** Where the project for one purpose is unless the user names a folder. Errors: `UTHO_STACK`. */
export function projectFolder(
  given: string | undefined,
  {
    kind,
    name,
    account,
    env,
  }: { kind: "restores" | "clones"; name: string; account: ProjectAccount; env: NodeJS.ProcessEnv },
): string {
  if (given !== undefined) return resolve(given);
  const home = pulumiHome(env);
  const { endpoint } = account.settings;
  // The same server or hostname at another endpoint is another one.
  const place =
    endpoint === DEFAULT_ENDPOINT
      ? ""
      : `-${createHash("sha256").update(endpoint).digest("hex").slice(0, 6)}`;
  if (home !== undefined) return join(home, "pulumi-utho", kind, `${name}${place}`);
  throw new ProviderFailure({
    code: "UTHO_STACK",
    attempted: "make a project of its own",
    because: "this user has no home folder, and PULUMI_HOME is not set.",
    kept: "nothing was touched.",
    next: "name a folder with --folder.",
  });
}

/** The program finds the very packages that this command runs with, wherever they are installed. */
async function linkPackages(folder: string): Promise<void> {
  const ours = createRequire(join(__dirname, "own-project.js"));
  for (const name of ["pulumi-utho", "@pulumi/pulumi"]) {
    const target = dirname(ours.resolve(`${name}/package.json`));
    const link = join(folder, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await rm(link, { recursive: true, force: true });
    await symlink(target, link, "junction");
  }
}

/** A folder of the user's may be named by mistake, and a program there would be overwritten. */
async function refuseForeign(folder: string): Promise<void> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const program = names.includes("index.js") ? await readFile(join(folder, "index.js"), "utf8") : HEAD;
  if (program.startsWith(HEAD) && names.every((name) => OWN_FILES.includes(name))) return;
  throw new UsageError(`--folder: ${folder} holds something else, and nothing is overwritten`, {
    next: "name a new folder, or the one of an earlier call",
  });
}

async function writeNew(path: string, text: string): Promise<void> {
  if (!existsSync(path)) await writeFile(path, text, { mode: 0o600 });
}

function stillBusy(folder: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_CANCELLED",
    attempted: `work in ${folder}`,
    because: "another run works there, and this one was ended while it waited.",
    kept: "nothing was changed by this run.",
    next: "run it again.",
  });
}
