import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";

/** A step of a job, as GitHub's workflows write it. */
export interface Step {
  name?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}

interface Workflow {
  env?: Record<string, string>;
  jobs: Record<string, { steps: Step[] }>;
}

/** How one step ended. */
export interface StepEnd {
  name: string;
  code: number | null;
  output: string;
}

/** Where the steps run, and what GitHub would put in the place of its expressions. */
export interface Runner {
  folder: string;
  env: NodeJS.ProcessEnv;
  expressions: Readonly<Record<string, string>>;
}

/** Steps that bring things which a test has already: the tools by `uses`, and the packages. */
const PROVIDED = new Set(["npm ci"]);

/**
 * Runs the `run` steps of a job in their order, as GitHub's runner does: each by bash with -e and -o pipefail, with
 * what earlier ones wrote to GITHUB_ENV. After a failed step only those go on whose `if` says so; here all of these
 * are named "Report".
 */
export async function runJob(file: string, job: string, runner: Runner): Promise<StepEnd[]> {
  const workflow: Workflow = parse(readFileSync(file, "utf8"));
  const steps = workflow.jobs[job]?.steps ?? [];
  const files = { GITHUB_ENV: join(runner.folder, "github-env"), ...summaryOf(runner) };
  for (const path of Object.values(files)) writeFileSync(path, "");
  const ends: StepEnd[] = [];
  for (const { name, run, env } of steps) {
    if (run === undefined || PROVIDED.has(run)) continue;
    if (ends.some(({ code }) => code !== 0) && name !== "Report") continue;
    const own = filled({ ...workflow.env, ...env }, runner.expressions);
    const written = Object.fromEntries(
      readFileSync(files.GITHUB_ENV, "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => line.split(/=(.*)/s, 2)),
    );
    const step = await runScript(run, runner.folder, { ...runner.env, ...files, ...own, ...written });
    ends.push({ name: name ?? run, ...step });
  }
  return ends;
}

/** Puts this package's command where `npm ci` would put it. */
export function installCommand(folder: string): void {
  const bin = join(folder, "node_modules/.bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(resolve(__dirname, "../../dist/cli/main.js"), join(bin, "pulumi-utho"));
}

/** What the job wrote for people. */
export function summaryText(runner: Runner): string {
  return readFileSync(summaryOf(runner).GITHUB_STEP_SUMMARY, "utf8");
}

/** A script, by bash as CI systems run it: it ends at the first failure, also inside a pipe. */
export function runScript(
  script: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; output: string }> {
  return new Promise((done, fail) => {
    const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    child.stdout.on("data", (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.stderr.on("data", (bytes: Buffer) => {
      output += bytes.toString();
    });
    child.on("error", fail);
    child.on("close", (code) => done({ code, output }));
  });
}

function summaryOf({ folder }: Runner): { GITHUB_STEP_SUMMARY: string } {
  return { GITHUB_STEP_SUMMARY: join(folder, "github-summary.md") };
}

/** Fills in `${{ … }}`; an expression that the test does not know is a mistake of one of them. */
function filled(env: Record<string, string>, expressions: Readonly<Record<string, string>>) {
  return Object.fromEntries(
    Object.entries(env).map(([key, value]) => [
      key,
      value.replace(/\$\{\{\s*(.+?)\s*\}\}/g, (_all, expression: string) => {
        const known = expressions[expression];
        if (known === undefined) throw new Error(`The test does not know ${expression}.`);
        return known;
      }),
    ]),
  );
}
