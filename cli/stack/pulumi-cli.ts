import { type ChildProcessWithoutNullStreams, type SpawnOptions, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { quote } from "../../client/redact";
import { ProviderFailure } from "../../provider/failure";
import { pulumiHome } from "../../provider/utho/notes";
import type { Terminal } from "../screen/terminal";

/** How a command of the Pulumi CLI ended. */
interface PulumiRun {
  /** `undefined`: ended by a signal. */
  code: number | undefined;
  stdout: string;
  stderr: string;
}

/**
 * The Pulumi CLI that the user has on PATH, or else in Pulumi's home, run in the folder of a program. What is secret goes in by standard input
 * and comes out by standard output, never through arguments or a file: Pulumi's own Automation API hands a state to
 * the CLI in a file, and parses what it exports, which rounds numbers (docs/decisions/0040).
 */
export class PulumiCli {
  private readonly folder: string;

  constructor(
    folder: string | undefined,
    private readonly terminal: Pick<Terminal, "env" | "ending">,
  ) {
    this.folder = resolve(folder ?? ".");
  }

  /** Runs a command to its end, whatever that is. @throws ProviderFailure where there is no Pulumi CLI */
  run(args: readonly string[], input = ""): Promise<PulumiRun> {
    const { ending } = this.terminal;
    return new Promise((done, fail) => {
      const child = this.start(args, { signal: ending });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on("data", (bytes: Buffer) => stdout.push(bytes));
      child.stderr.on("data", (bytes: Buffer) => stderr.push(bytes));
      // A CLI that refuses its arguments ends before it has read all; its own words say more than the broken pipe.
      child.stdin.on("error", () => {});
      child.stdin.end(input);
      child.on("error", (cause) =>
        fail(ending.aborted ? stopped(args, cause) : notStarted(args, this.folder, cause)),
      );
      child.on("close", (code) =>
        done({ code: code ?? undefined, stdout: textOf(stdout), stderr: textOf(stderr) }),
      );
    });
  }

  /**
   * Runs a preview, an update or a removal, and says meanwhile what this package's resources say, each sentence once;
   * of a run that fails, all that Pulumi says at its end. Resolves to its exit code. It is in a process group of its
   * own and gets one Ctrl-C at most: it then ends what it has begun and records it.
   * @throws ProviderFailure where there is no Pulumi CLI
   */
  async watch(args: readonly string[], say: (line: string) => void): Promise<number> {
    const said = new Set<string>();
    const ending: string[] = [];
    const take = (line: string): void => {
      if (ending.length > 0 || /^(Diagnostics:|error: )/.test(line)) return void ending.push(line);
      const text = sentenceIn(line);
      if (text !== undefined && !said.has(text)) say(`  ${text}`);
      if (text !== undefined) said.add(text);
    };
    const code = await this.stream(args, take, () =>
      say("  stopping: what has begun is ended first (another Ctrl-C ends it at once)"),
    );
    if (code !== 0) for (const line of ending) say(line);
    return code;
  }

  private stream(
    args: readonly string[],
    line: (text: string) => void,
    stopping: () => void,
  ): Promise<number> {
    const { ending } = this.terminal;
    return new Promise((done, fail) => {
      const child = this.start(args, { detached: true });
      child.stdin.end();
      const end = () => {
        stopping();
        child.kill("SIGINT");
      };
      ending.addEventListener("abort", end, { once: true });
      for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", line);
      child.on("error", (cause) => fail(notStarted(args, this.folder, cause)));
      child.on("close", (code) => {
        ending.removeEventListener("abort", end);
        done(code ?? 1);
      });
    });
  }

  private start(args: readonly string[], how: SpawnOptions): ChildProcessWithoutNullStreams {
    const env = environmentOf(this.terminal.env);
    return launch("pulumi", [...args, "--non-interactive", "--color=never"], {
      ...how,
      cwd: this.folder,
      env,
    });
  }

  /** Runs a command that must succeed, and gives its standard output. @throws ProviderFailure with Pulumi's words */
  async must(attempted: string, args: readonly string[], input = ""): Promise<string> {
    const { code, stdout, stderr } = await this.run(args, input);
    if (code === 0) return stdout;
    throw new ProviderFailure({
      code: "UTHO_STACK",
      attempted,
      because: `\`pulumi ${args.slice(0, 2).join(" ")}\` ended with ${code ?? "a signal"}: ${saidIn(stderr, this.terminal.env)}`,
      kept: "nothing was changed by that.",
      next: `correct what Pulumi names: the stack's name (--stack), the program's folder (--cwd), the login, or PULUMI_CONFIG_PASSPHRASE.${this.hint()}`,
    });
  }

  /** In a folder that \`init nightly\` wrote, what Pulumi misses is in a file of it. */
  private hint(): string {
    const file = join(this.folder, "nightly.env");
    return existsSync(file)
      ? ` ${file} holds them: in that folder, \`set -a; . ./nightly.env; set +a\`, and run this again.`
      : "";
  }
}

/** The only place of this package that starts a process: two programs, by their name, with nothing secret in `args`. */
function launch(program: "pulumi" | "npm", args: readonly string[], how: SpawnOptions) {
  return spawn(program, args, { ...how, stdio: "pipe" });
}

/** Installs what a folder's package.json names. Resolves to npm's exit code (`null`: a signal) and all that it said. */
export function installPackages(
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; said: string }> {
  return new Promise((done, fail) => {
    const how = { cwd: folder, env, shell: process.platform === "win32" };
    const child = launch("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], how);
    child.stdin.end();
    let said = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (bytes: Buffer) => (said += bytes.toString()));
    child.on("error", fail);
    child.on("close", (code) => done({ code, said }));
  });
}

/** What comes before a sentence on a resource's row: what the engine does, for how long, and what has changed. */
const OPERATION =
  /^\**(creat|updat|delet|replac|read|refresh|import)\w*( replacement| original| failed)?\**( \([\d.ms]+\))?(?= |$)/;
const CHANGES = /^\[diff: [^\]]*\];?/;

/** What a resource of ours says on its row of the display: ` +  <type> <name> creating (5s) <sentence>`. */
export function sentenceIn(line: string): string | undefined {
  const [, said = ""] = /pulumi-nodejs:dynamic\/utho:\w+ \S+ (.*)$/.exec(line) ?? [];
  const text = said.replace(OPERATION, "").trim().replace(CHANGES, "").trim();
  return text === "" || /^error: \d+ error/.test(text) ? undefined : text;
}

function environmentOf(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, PATH: pulumiPath(env).join(delimiter), PULUMI_SKIP_UPDATE_CHECK: "1" };
}

/**
 * The folders in which the CLI is looked for: PATH, then Pulumi's home. Pulumi's installer changes PATH for a new login
 * alone, and cron has almost none.
 */
export function pulumiPath(env: NodeJS.ProcessEnv): string[] {
  const path = (env.PATH ?? env.Path ?? "").split(delimiter);
  return [...path, ...installedIn(pulumiHome(env))].filter((folder) => folder !== "");
}

const ENDINGS = process.platform === "win32" ? [".exe", ".cmd"] : [""];

/** The CLI's own file; `undefined`: no CLI was found. */
export function findPulumi(env: NodeJS.ProcessEnv): string | undefined {
  const files = pulumiPath(env).flatMap((folder) => ENDINGS.map((ending) => join(folder, `pulumi${ending}`)));
  return files.find((file) => existsSync(file));
}

/** Folders of Pulumi's home that hold a CLI: that of its installer, and those of the Automation API, newest first. */
function installedIn(home: string | undefined): string[] {
  if (home === undefined) return [];
  const versions = join(home, "versions");
  const found = existsSync(versions) ? readdirSync(versions) : [];
  const newestFirst = found.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return [join(home, "bin"), ...newestFirst.map((version) => join(versions, version, "bin"))];
}

function textOf(chunks: Buffer[]): string {
  return Buffer.concat(chunks).toString("utf8");
}

function saidIn(stderr: string, env: NodeJS.ProcessEnv): string {
  const said = quote(stderr.replace(/^error: /gm, ""), env.UTHO_TOKEN?.trim() ?? "");
  return said === "" ? "it said nothing." : said;
}

function stopped(args: readonly string[], cause: Error): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_CANCELLED",
    attempted: `run \`pulumi ${args.slice(0, 2).join(" ")}\``,
    because: "the command was stopped.",
    kept: "what was done until then.",
    next: "run it again.",
    cause,
  });
}

function notStarted(args: readonly string[], folder: string, cause: Error): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_STACK",
    attempted: `run \`pulumi ${args.slice(0, 2).join(" ")}\` in ${folder}`,
    because: `it could not be started: ${cause.message}.`,
    kept: "nothing was touched.",
    next: "check that the folder exists (--cwd) and that the Pulumi CLI is on PATH (`pulumi version`), or in the folder bin of Pulumi's home.",
    cause,
  });
}
