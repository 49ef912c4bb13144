import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { machineTimeZone } from "../../client/time";
import { ProviderFailure } from "../../provider/failure";
import type { ServerInfo } from "../../provider/lookup/types";
import { monthlyCost } from "../../provider/utho/facts";
import { packageVersion } from "../package-version";
import { type Column, tableLines } from "../screen/table";
import { Ended, type Terminal, UsageError } from "../screen/terminal";
import { folded, visible } from "../screen/text";
import { findPulumi, installPackages, PulumiCli } from "../stack/pulumi-cli";
import { serverNamed, viewAccount } from "../stack/view";
import { cronLines, type NightlyProject, nightlyFiles } from "./files";

/** The options of `pulumi-utho init nightly`, after parsing. */
export interface InitFlags {
  server?: string[];
  at: string;
  timeZone?: string;
  stack: string;
  backend?: string;
  package?: string;
  yes?: boolean;
}

/**
 * Writes a project for nightly snapshots, installs and configures it, previews it, and prints the lines for cron.
 *
 * Errors: `UTHO_TOKEN_MISSING`, `UTHO_STACK`, and those of talking to Utho.
 */
export async function runInit(place: string, flags: InitFlags, terminal: Terminal): Promise<void> {
  const folder = resolve(place);
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new UsageError(`${folder} is not empty, and nothing is overwritten`, { next: "name a new folder" });
  }
  const token = await tokenOf(flags, terminal);
  const env = { ...terminal.env, UTHO_TOKEN: token };
  const { servers } = await viewAccount(new Map(), undefined, { ...terminal, env });
  const chosen = await choose([...servers.values()], servers, flags, terminal);
  const leftOut = [...servers.values()].filter((one) => !chosen.includes(one));
  const project = projectOf(folder, chosen, leftOut, flags, terminal.env);
  await write(folder, project);
  say(terminal, `Wrote ${folder}. Installing its packages…`);
  const { code: installed, said } = await installPackages(folder, terminal.env);
  if (installed !== 0) throw notInstalled(folder, said);
  await configure(folder, project, token, terminal);
  say(terminal, "What the first run would do:");
  const pulumi = new PulumiCli(folder, {
    env: environmentFor(folder, project, terminal.env),
    ending: terminal.ending,
  });
  const code = await pulumi.watch(["preview", `--stack=${flags.stack}`], (line) => say(terminal, line));
  if (code !== 0) throw new Ended(1);
  if (leftOut.length > 0) {
    const names = leftOut.map(({ hostname, cloudId }) => `${visible(hostname)} (${cloudId})`).join(", ");
    say(terminal, `Without snapshots, and no matter for the check: ${names}. They are in ignore.json.`);
  }
  say(terminal, `No snapshot was taken yet. Take the first ones: ${join(folder, "nightly.sh")}`);
  say(terminal, "Then every night, by `crontab -e`:");
  for (const line of cronLines(folder, flags.at)) terminal.out(line);
}

function say(terminal: Terminal, text: string): void {
  for (const line of folded(text, terminal.width)) terminal.err(line);
}

/** From the environment, or typed; there is no option for it, since it would stand in the list of processes. */
async function tokenOf({ yes }: InitFlags, { env, answer }: Terminal): Promise<string> {
  const given = env.UTHO_TOKEN?.trim() ?? "";
  if (given !== "" || yes === true || answer === undefined) return given;
  return (await answer("Token of Utho's API (it is not shown): ", { hidden: true }))?.trim() ?? "";
}

const COLUMNS: readonly Column<ServerInfo>[] = [
  { head: "Server", text: ({ hostname }) => hostname, least: 12 },
  { head: "Id", text: ({ cloudId }) => cloudId },
  {
    head: "Disk",
    text: ({ diskSizeGb }) => (diskSizeGb === undefined ? "" : `${diskSizeGb} GB`),
    align: "right",
  },
  {
    head: "A snapshot a month, at most",
    text: ({ diskSizeGb }) => (diskSizeGb === undefined ? "" : `₹${monthlyCost(diskSizeGb)}`),
    align: "right",
    spare: 1,
  },
];

async function choose(
  all: readonly ServerInfo[],
  servers: ReadonlyMap<string, ServerInfo>,
  flags: InitFlags,
  terminal: Terminal,
): Promise<ServerInfo[]> {
  if (all.length === 0) {
    throw new UsageError("the account of this token has no server", {
      next: "make one in Utho's console, or give the token of another account",
    });
  }
  if (flags.server !== undefined) return flags.server.map((word) => serverNamed(word, servers));
  if (flags.yes === true || terminal.answer === undefined) {
    if (flags.yes === true) return [...all];
    throw new UsageError("which servers is not given, and this is no terminal, so nothing can be asked", {
      next: "name each by --server, or take all of the account by --yes",
    });
  }
  for (const line of tableLines(all, COLUMNS, terminal)) terminal.err(line);
  return asked(all, servers, terminal);
}

/** A wrong word is asked for again, since what was typed before it would be lost. */
async function asked(
  all: readonly ServerInfo[],
  servers: ReadonlyMap<string, ServerInfo>,
  terminal: Terminal,
): Promise<ServerInfo[]> {
  const answer = await terminal.answer?.(`Which servers, by hostname or id? [all ${all.length}] `);
  if (answer === undefined) throw new UsageError("no server was chosen, and nothing was written");
  const words = answer.split(/[\s,]+/).filter((word) => word !== "");
  try {
    return words.length === 0 ? [...all] : words.map((word) => serverNamed(word, servers));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(terminal, [error.message, error.next].join("; "));
    return asked(all, servers, terminal);
  }
}

function projectOf(
  folder: string,
  servers: readonly ServerInfo[],
  leftOut: readonly ServerInfo[],
  flags: InitFlags,
  env: NodeJS.ProcessEnv,
): NightlyProject {
  const pulumi = findPulumi(env);
  const given = flags.package?.replace(/^file:(.*)$/s, (_all, path: string) => `file:${resolve(path)}`);
  const spec = given ?? tarballIn(env.npm_config_local_prefix ?? ".") ?? `^${packageVersion()}`;
  return {
    name: basename(folder).replace(/[^\w.-]+/g, "-"),
    servers,
    leftOut,
    stack: flags.stack,
    timeZone: flags.timeZone ?? machineTimeZone(),
    at: flags.at,
    packages: { "pulumi-utho": spec, "@pulumi/pulumi": PULUMI_SDK },
    path: [dirname(process.execPath), ...(pulumi === undefined ? [] : [dirname(pulumi)])],
    backend: flags.backend ?? env.PULUMI_BACKEND_URL,
  };
}

/** The tarball by which the project in this folder has the package, and which a registry need not have. */
export function tarballIn(folder: string): string | undefined {
  const file = resolve(folder, "package.json");
  if (!existsSync(file)) return undefined;
  const { dependencies, devDependencies }: Record<string, Record<string, string> | undefined> = JSON.parse(
    readFileSync(file, "utf8"),
  );
  const spec = dependencies?.["pulumi-utho"] ?? devDependencies?.["pulumi-utho"] ?? "";
  return /^file:.*\.tgz$/.test(spec) ? `file:${resolve(folder, spec.slice("file:".length))}` : undefined;
}

const PULUMI_SDK = "^3.215.0";

async function write(folder: string, project: NightlyProject): Promise<void> {
  await mkdir(join(folder, "state"), { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(nightlyFiles(project))) await writeFile(join(folder, name), text);
  await chmod(join(folder, "nightly.sh"), 0o755);
  await chmod(join(folder, "nightly.env"), 0o600);
  await writeFile(join(folder, "passphrase"), randomBytes(24).toString("base64url"), { mode: 0o600 });
}

function notInstalled(folder: string, said: string): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_STACK",
    attempted: `install the packages of ${folder}`,
    because: `npm said: ${said.trim().split("\n").slice(0, 4).join(" ")}`,
    kept: "the folder is written, and nothing else was done.",
    next: "remove the folder and run this again; with --package file:<tarball> where pulumi-utho is not in your registry.",
  });
}

function environmentFor(
  folder: string,
  { backend, stack }: NightlyProject,
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return {
    ...env,
    PULUMI_BACKEND_URL: backend ?? `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: join(folder, "passphrase"),
    PULUMI_CONFIG_PASSPHRASE: undefined,
    PULUMI_STACK: stack,
  };
}

/** Makes the stack, and puts the token into its settings, encrypted. */
async function configure(
  folder: string,
  project: NightlyProject,
  token: string,
  terminal: Terminal,
): Promise<void> {
  const { stack } = project;
  const env = environmentFor(folder, project, terminal.env);
  const pulumi = new PulumiCli(folder, { env, ending: terminal.ending });
  await pulumi.must(`make stack ${stack}`, ["stack", "select", "--create", stack]);
  const set = ["config", "set", `--stack=${stack}`];
  await pulumi.must("store the token", [...set, "--secret", "utho:token"], token);
  const { UTHO_ENDPOINT: endpoint = "" } = terminal.env;
  if (endpoint !== "") await pulumi.must("store the endpoint", [...set, "utho:endpoint", endpoint]);
}
