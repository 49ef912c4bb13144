import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { runCommand } from "./command";
import { NODE } from "./matrix";
import { SHARED_VARIABLE, type Shared } from "./shared";

const ROOT = resolve(__dirname, "../..");

/** Runs on the oldest Node.js that we claim; later ones do not. */
const PNPM = "pnpm@10.34.8";

const YARN_CLASSIC = "yarn@1.22.22";

const NODE_PACKAGES: Readonly<Record<number, string>> = {
  20: "20.20.2",
  22: "22.23.3",
  24: "24.21.0",
  26: "26.12.1",
};

/**
 * Makes what all combinations share: the packed tarball, other Node.js, pnpm and yarn. Without a registry nothing can be
 * installed: then the suite is skipped with a loud word, and where `CI` is set it fails.
 */
export default async function setUp(): Promise<() => void> {
  const unreachable = await whyRegistryIsUnreachable();
  if (unreachable !== undefined) {
    tellUnreachable(unreachable);
    return () => {};
  }
  const folder = mkdtempSync(join(tmpdir(), "pulumi-utho-compat-"));
  const shared: Shared = {
    tarball: await pack(folder),
    pnpm: await installTool(folder, PNPM, "pnpm/bin/pnpm.cjs"),
    yarn: await installTool(folder, YARN_CLASSIC, "yarn/bin/yarn.js"),
    nodes: {},
  };
  for (const major of Object.values(NODE)) shared.nodes[major] = await provideNode(folder, major);
  process.env[SHARED_VARIABLE] = JSON.stringify(shared);
  return () => rmSync(folder, { recursive: true, force: true });
}

async function whyRegistryIsUnreachable(): Promise<string | undefined> {
  const args = [
    "view",
    "@pulumi/pulumi",
    "version",
    "--fetch-retries=1",
    "--fetch-timeout=20000",
    "--prefer-online",
  ];
  try {
    await runCommand("npm", args, { cwd: tmpdir() });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function tellUnreachable(reason: string): void {
  const text = `The compatibility suite needs the npm registry, which does not answer.\n${reason}`;
  if (process.env.CI !== undefined && process.env.CI !== "") throw new Error(text);
  console.error(`\n${"!".repeat(100)}\nSKIPPED: ${text}\n${"!".repeat(100)}\n`);
}

/** As it would be published. The package is built already, so its scripts need not run. */
async function pack(folder: string): Promise<string> {
  const out = await runCommand("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], {
    cwd: ROOT,
  });
  const packed: Record<string, { filename: string }> = Object.fromEntries(Object.entries(JSON.parse(out)));
  const [first] = Object.values(packed);
  if (first === undefined) throw new Error(`npm pack printed no file name:\n${out}`);
  return join(folder, first.filename);
}

/** The script of a package manager, for a `node` to run. */
async function installTool(folder: string, spec: string, script: string): Promise<string> {
  const place = join(folder, spec.replace(/@.*/, ""));
  await installAlone(place, spec);
  return join(place, "node_modules", script);
}

/** The folder of a `node` of this major version: our own where it fits, else one from the registry. */
async function provideNode(folder: string, major: number): Promise<string> {
  if (process.versions.node.startsWith(`${major}.`)) return dirname(process.execPath);
  const system = process.platform === "win32" ? "win" : process.platform;
  const name = `node-${system}-${process.arch}`;
  const place = join(folder, `node-${major}`);
  await installAlone(place, `${name}@${NODE_PACKAGES[major]}`);
  return join(place, "node_modules", name, "bin");
}

async function installAlone(place: string, spec: string): Promise<void> {
  mkdirSync(place, { recursive: true });
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-package-lock", "--prefer-offline"];
  await runCommand("npm", ["install", "--prefix", place, ...quiet, spec], { cwd: place });
}
