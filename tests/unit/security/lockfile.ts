import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as v from "valibot";

/** The repository's folder. */
export const ROOT = resolve(__dirname, "../../..");

const names = v.optional(v.record(v.string(), v.string()), {});
const entry = v.object({
  version: v.optional(v.string()),
  resolved: v.optional(v.string()),
  integrity: v.optional(v.string()),
  link: v.optional(v.boolean()),
  hasInstallScript: v.optional(v.boolean()),
  dependencies: names,
  optionalDependencies: names,
});
const lockfile = v.object({ lockfileVersion: v.number(), packages: v.record(v.string(), entry) });
const manifest = v.object({
  license: v.optional(v.string()),
  scripts: names,
  gypfile: v.optional(v.boolean()),
});

export type LockEntry = v.InferOutput<typeof entry>;

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(resolve(ROOT, file), "utf8"));
}

export function readLockfile(): Record<string, LockEntry> {
  return v.parse(lockfile, readJson("package-lock.json")).packages;
}

/** The package.json of an installed package, by its key in the lockfile. */
export function readManifest(key: string): v.InferOutput<typeof manifest> {
  return v.parse(manifest, readJson(`${key}/package.json`));
}

/** Keys of everything that `npm install pulumi-utho` brings along, found as Node finds it. */
export function runtimeKeys(packages: Record<string, LockEntry>): string[] {
  const found = new Set<string>();
  const visit = (from: string): void => {
    const { dependencies = {}, optionalDependencies = {} } = packages[from] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const key = resolveKey(packages, from, name);
      if (key === undefined || found.has(key)) continue;
      found.add(key);
      visit(key);
    }
  };
  visit("");
  return [...found].sort();
}

/** The nearest node_modules upwards that holds it. */
function resolveKey(packages: Record<string, LockEntry>, from: string, name: string): string | undefined {
  for (let folder = from; ; folder = parentOf(folder)) {
    const key = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (key in packages) return key;
    if (folder === "") return undefined;
  }
}

function parentOf(folder: string): string {
  const at = folder.lastIndexOf("/node_modules/");
  return at < 0 ? "" : folder.slice(0, at);
}
