import { readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const CLIENT = join(__dirname, "../../../client");

/** The files that turn the JSON of an answer into types. */
const DECODERS = ["account", "decode", "servers", "snapshots"].map((name) => `${name}.ts`);

/** Packages that a module loads as soon as it is required, itself or by what it requires. Types cost nothing. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  const source = readFileSync(file, "utf8");
  for (const [, from = ""] of source.matchAll(/^(?:import|export) (?!type )[^;]*?from "([^"]+)";/gms)) {
    if (!from.startsWith(".")) packages.add(from);
    else for (const one of packagesOf(`${join(dirname(file), from)}.ts`, seen)) packages.add(one);
  }
  return packages;
}

describe("what a program without a single request loads", () => {
  it.each(["errors", "options", "time", "status", "compact", "redact", "request"])(
    "client/%s needs no package",
    (name) => {
      const packages = [...packagesOf(join(CLIENT, `${name}.ts`))].filter((one) => !one.startsWith("node:"));
      expect(packages).toEqual([]);
    },
  );

  it("only one file speaks HTTP, and only the decoders load the schema library", () => {
    const users = (library: string) =>
      [...sources()].filter((file) => readFileSync(file, "utf8").includes(`from "${library}"`)).map(named);
    expect(users("node:https")).toEqual(["transport.ts"]);
    // Only a proxy needs it.
    expect(users("https-proxy-agent")).toEqual([]);
    expect(users("valibot").sort()).toEqual(DECODERS);
  });

  it("the search itself finds packages", () => {
    expect(packagesOf(join(CLIENT, "index.ts"))).toContain("valibot");
  });
});

function sources(): Set<string> {
  const found = new Set<string>();
  packagesOf(join(CLIENT, "index.ts"), found);
  return found;
}

function named(file: string): string {
  return relative(CLIENT, file);
}
