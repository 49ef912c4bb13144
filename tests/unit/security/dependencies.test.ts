import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type LockEntry, ROOT, readLockfile, readManifest, runtimeKeys } from "./lockfile";

/**
 * Everything that runs with a user's token, by licence. A package that is new here is to be looked at first: what it
 * is for, who makes it, what it does at installation.
 */
const ALLOWED: Record<string, readonly string[]> = {
  MIT: [
    // The way through a proxy.
    ...["agent-base", "debug", "https-proxy-agent", "ms"],
    ...["async-mutex", "commander", "jsonc-parser", "valibot"],
    // Tables on the screen.
    ...["ansi-regex", "emoji-regex", "is-fullwidth-code-point", "string-width"],
    ...["strip-ansi"],
    // The ignore patterns of `pulumi-utho report`.
    ...["picomatch"],
  ],
  "0BSD": ["tslib"],
};

const packages = readLockfile();
const runtime = runtimeKeys(packages);
const installed: [string, LockEntry][] = Object.entries(packages).filter(
  ([key, { link }]) => key.startsWith("node_modules/") && link !== true,
);

function nameOf(key: string): string {
  return key.slice(key.lastIndexOf("node_modules/") + "node_modules/".length);
}

describe("runtime dependencies", () => {
  it("are the ones that were looked at, each with the licence that it had then", () => {
    const allowed = Object.entries(ALLOWED).flatMap(([licence, names]) =>
      names.map((name) => `${name}: ${licence}`),
    );
    const found = runtime.map((key) => `${nameOf(key)}: ${readManifest(key).license}`);
    expect([...new Set(found)].sort()).toEqual(allowed.sort());
  });

  it.each(runtime)("%s runs nothing at installation", (key) => {
    const { scripts, gypfile } = readManifest(key);
    const { preinstall, install, postinstall } = scripts;
    expect({ preinstall, install, postinstall }).toEqual({});
    expect(gypfile ?? false).toBe(false);
    // npm builds whatever has this file, script or none.
    expect(existsSync(join(ROOT, key, "binding.gyp"))).toBe(false);
    expect(packages[key]?.hasInstallScript ?? false).toBe(false);
  });
});

describe("package-lock.json", () => {
  it("holds a strong hash of every package", () => {
    const weak = installed.filter(
      ([, { integrity }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? ""),
    );
    expect(weak.map(([key]) => key)).toEqual([]);
  });

  it("names no host: which registry is asked is the user's choice", () => {
    const placed = installed.filter(([, { resolved }]) => resolved !== undefined);
    expect(placed.map(([key]) => key)).toEqual([]);
  });

  it("takes every package from a registry, by its version", () => {
    const odd = installed.filter(
      ([, { version }]) => !/^\d+\.\d+\.\d+(-[\w.]+)?(\+[\w.]+)?$/.test(version ?? ""),
    );
    expect(odd.map(([key, { version }]) => `${key} ${version}`)).toEqual([]);
  });

  it("links only the repository's own folders", () => {
    const links = Object.entries(packages).filter(([, { link }]) => link === true);
    for (const [key, { resolved }] of links) {
      expect(resolved ?? "", key).toMatch(/^(examples\/[\w-]+)?$/);
      expect(existsSync(join(ROOT, resolved ?? "none")), key).toBe(true);
    }
  });
});
