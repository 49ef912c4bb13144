import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LAYERS } from "../architecture/sources";
import { runCommand } from "./command";
import { COMBINATIONS, NODE, PULUMI } from "./matrix";
import { isReady, shared } from "./shared";

const ROOT = resolve(__dirname, "../..");

interface Manifest {
  version: string;
  main: string;
  types: string;
  bin: Record<string, string>;
  exports: Record<string, string | Record<string, string>>;
  engines: Record<string, string>;
  peerDependencies: Record<string, string>;
  dependencies: Record<string, string>;
  scripts?: Record<string, string>;
}

describe.skipIf(!isReady())("the packed package", () => {
  let folder: string;
  let files: string[];
  let manifest: Manifest;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "pulumi-utho-unpacked-"));
    await runCommand("tar", ["-xzf", shared().tarball, "-C", folder], { cwd: folder });
    files = filesBelow(join(folder, "package"));
    manifest = JSON.parse(readFileSync(join(folder, "package/package.json"), "utf8"));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("holds the compiled code with its declarations, and beside it only what explains it", () => {
    const beside = files.filter(
      (file) => !/^(dist|examples|plugin)\//.test(file) && !/^docs\/.*\.(md|svg)$/.test(file),
    );
    const described = ["docs/report.schema.json", "bench/results.md"];
    const explaining = ["LICENSE", "README.md", "CHANGELOG.md", "INVARIANTS.md", "SECURITY.md"].filter(
      (file) => existsSync(join(ROOT, file)),
    );
    expect(beside.sort()).toEqual([...explaining, ...described, "package.json"].sort());
    expect(explaining).toContain("LICENSE");
    expect(files).toContain("docs/errors.md");
  });

  it("holds exactly what the sources compile to", () => {
    // The plugin is one file, bundled from its sources.
    const wanted = LAYERS.filter((part) => part !== "plugin")
      .flatMap((part) => filesBelow(join(ROOT, part)).map((file) => `${part}/${file}`))
      .filter((file) => file.endsWith(".ts"))
      .map((file) => file.replace(/\.ts$/, ""))
      .flatMap((file) => [`dist/${file}.js`, `dist/${file}.d.ts`]);
    // The types of the matchers in ES modules, which the build writes.
    wanted.push("dist/testing/vitest.d.mts", "dist/testing/vitest.mjs");
    expect(files.filter((file) => file.startsWith("dist/")).sort()).toEqual(wanted.sort());
    const plugin = ["plugin/pulumi-resource-utho", "plugin/pulumi-resource-utho.cmd", "plugin/schema.json"];
    expect(files.filter((file) => file.startsWith("plugin/")).sort()).toEqual(plugin);
  });

  it("has every file that package.json points to", () => {
    const targets = [
      manifest.main,
      manifest.types,
      ...Object.values(manifest.bin),
      ...[...JSON.stringify(manifest.exports).matchAll(/"(\.\/[^"]+\.\w+)"(?!:)/g)].map(
        ([, file = ""]) => file,
      ),
    ];
    for (const target of targets) expect(files).toContain(target.replace(/^\.\//, ""));
  });

  it("says nothing of the machine that it was made on", () => {
    for (const file of files) {
      const text = readFileSync(join(folder, "package", file), "utf8");
      expect(text.includes(ROOT), `${file} names ${ROOT}`).toBe(false);
    }
  });

  it("needs no build where it is installed", () => {
    // npm asks for an approval of `prepare` too where the package comes as a file.
    const installing = ["preinstall", "install", "postinstall", "prepare"];
    expect(Object.keys(manifest.scripts ?? {}).filter((name) => installing.includes(name))).toEqual([]);
  });
});

describe("what package.json claims", () => {
  const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

  it("is the range of @pulumi/pulumi that this suite covers", () => {
    expect(manifest.peerDependencies["@pulumi/pulumi"]).toBe(`>=${PULUMI.oldest} <4`);
    const tested = new Set(COMBINATIONS.map(({ pulumi }) => pulumi));
    expect(tested).toEqual(new Set(Object.values(PULUMI)));
  });

  it("is the oldest Node.js that this suite runs on, with the newer ones", () => {
    expect(manifest.engines.node).toBe(`>=${NODE.oldest}`);
    expect(new Set(COMBINATIONS.map(({ node }) => node))).toEqual(new Set(Object.values(NODE)));
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll("\\", "/"),
    );
}
