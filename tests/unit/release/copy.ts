import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export const REPOSITORY = resolve(__dirname, "../../..");

/** The files that hold a version. */
export const VERSIONED = ["package.json", "package-lock.json", "CHANGELOG.md"];

/** What of the repository is packed, and what packs it. */
export const PACKED = [...VERSIONED, "LICENSE", "README.md", "docs", "dist", "plugin", "tools"];

/** A folder that can be released from, and be spoilt. */
export function copyRepository(folder: string, parts: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const part of parts) cpSync(join(REPOSITORY, part), join(folder, part), { recursive: true });
  symlinkSync(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
}

export interface Outcome {
  code: number;
  /** Both streams. */
  output: string;
}

export interface Running {
  cwd: string;
  env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], { cwd, env = {} }: Running): Promise<Outcome> {
  // npm's variables describe this test's own run, so the script must not see them.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(npm_|CI$)/i.test(name));
  return new Promise((done, fail) => {
    const options = { cwd, env: { ...Object.fromEntries(inherited), ...env } };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") fail(error);
      else done({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
    child.stdin?.end();
  });
}

/** `npm run release -- …`, for a copy. */
export function release(folder: string, ...args: string[]): Promise<Outcome> {
  const script = join(REPOSITORY, "tools/release.mjs");
  return run(process.execPath, [script, "--in", folder, ...args], { cwd: folder });
}

export function edit(folder: string, file: string, change: (text: string) => string): void {
  const place = join(folder, file);
  writeFileSync(place, change(existsSync(place) ? readFileSync(place, "utf8") : ""));
}

export function versionOf(folder: string, file = "package.json"): string {
  const { version }: { version: string } = JSON.parse(readFileSync(join(folder, file), "utf8"));
  return version;
}

export function writeText(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
