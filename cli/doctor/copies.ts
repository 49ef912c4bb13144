import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { isRecord } from "../../client/compact";
import { textOf } from "../../provider/engine/inputs";

/** A program with more packages is looked at as far as this; a second copy is near the top as a rule. */
const MOST_PACKAGES = 5_000;

/**
 * Versions of every copy of a package that the program in `folder` and the packages it depends on would load, the
 * program's own first. Each package is found as Node finds it: in the `node_modules` of its folder and of those above.
 */
export function copiesOf(name: string, folder: string): string[] {
  const root = nearest(folder, "package.json");
  if (root === undefined) return [];
  const copies = new Map<string, string>();
  const seen = new Set<string>();
  const open = [dirname(root)];
  for (let at = open.shift(); at !== undefined && seen.size < MOST_PACKAGES; at = open.shift()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const { names, own, version } = manifestOf(at, seen.size === 1 ? [...KINDS, "devDependencies"] : KINDS);
    if (own === name) copies.set(at, version);
    for (const dependency of names) {
      const found = nearest(at, join("node_modules", dependency, "package.json"));
      if (found !== undefined) open.push(dirname(realpathSync(found)));
    }
  }
  return [...copies.values()];
}

function nearest(folder: string, file: string): string | undefined {
  for (let above = folder; ; above = dirname(above)) {
    if (existsSync(join(above, file))) return join(above, file);
    if (above === dirname(above)) return undefined;
  }
}

const KINDS = ["dependencies", "peerDependencies", "optionalDependencies"];

function manifestOf(
  folder: string,
  kinds: readonly string[],
): { names: string[]; own: string | undefined; version: string } {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (!isRecord(manifest)) return { names: [], own: undefined, version: "unknown" };
    const names = kinds.flatMap((kind) => (isRecord(manifest[kind]) ? Object.keys(manifest[kind]) : []));
    return { names, own: textOf(manifest.name), version: textOf(manifest.version) ?? "unknown" };
  } catch {
    return { names: [], own: undefined, version: "unknown" };
  }
}
