import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { entryPoints } from "../docs/entry-points";
import { prose } from "../docs/pages";
import { REPOSITORY, run } from "./copy";

/** What may be in the package, and nothing else. */
const MAY_HOLD = [
  /^dist\/(?!tests\/|tools\/|bench\/|examples\/)[\w./-]+\.(m?js|d\.m?ts)$/,
  /^docs\/[\w./-]+\.(md|svg|schema\.json)$/,
  /^plugin\/(pulumi-resource-utho(\.cmd)?|schema\.json)$/,
  /^examples\/(?!.*node_modules)[\w./-]+$/,
  /^(LICENSE|(README|CHANGELOG|INVARIANTS|SECURITY|bench\/results)\.md|package\.json)$/,
];

/** What a user cannot do without. */
const MUST_HOLD = [
  "LICENSE",
  "README.md",
  "CHANGELOG.md",
  "docs/errors.md",
  "dist/cli/main.js",
  "plugin/pulumi-resource-utho",
];

/** Bytes; a package that grows beyond it contains something that it should not, or needs a new bound. */
const LARGEST = { packed: 950_000, unpacked: 3_750_000 };

const LINK = /\[[^\]]*\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g;

let folder: string;
let tarball: string;
let unpacked: string;
let files: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-package-"));
  if (!existsSync(join(REPOSITORY, "dist/sdk/index.js"))) throw new Error("npm run build comes first.");
  const packing = ["pack", "--ignore-scripts", "--offline", "--pack-destination", folder];
  expect(await run("npm", packing, { cwd: REPOSITORY })).toMatchObject({ code: 0 });
  tarball = join(folder, readdirSync(folder).find((file) => file.endsWith(".tgz")) ?? "none");
  expect(await run("tar", ["-xzf", tarball, "-C", folder], { cwd: folder })).toMatchObject({ code: 0 });
  unpacked = join(folder, "package");
  files = readdirSync(unpacked, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(unpacked.length + 1)
        .replaceAll("\\", "/"),
    );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where what is compiled beside the package looks for others. */
function linkTo(name: string): string {
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  return join(folder, "node_modules", name);
}

function read(file: string): string {
  return readFileSync(join(unpacked, file), "utf8");
}

describe("what npm pack makes", () => {
  it("holds what a user needs and nothing else", () => {
    expect(files.filter((file) => !MAY_HOLD.some((rule) => rule.test(file)))).toEqual([]);
    expect(MUST_HOLD.filter((file) => !files.includes(file))).toEqual([]);
    const entries = entryPoints().map(({ source }) => `dist/${source.replace(/\.ts$/, "")}`);
    const wanted = entries.flatMap((entry) => [`${entry}.js`, `${entry}.d.ts`]);
    expect(wanted.filter((file) => !files.includes(file))).toEqual([]);
  });

  it("is small", () => {
    const size = files.reduce((sum, file) => sum + statSync(join(unpacked, file)).size, 0);
    expect(statSync(tarball).size).toBeLessThan(LARGEST.packed);
    expect(size).toBeLessThan(LARGEST.unpacked);
  });

  it("names no folder of this machine, and no missing source map", () => {
    const named = files.filter((file) => read(file).includes(REPOSITORY));
    expect(named).toEqual([]);
    expect(files.filter((file) => /sourceMappingURL=/.test(read(file)))).toEqual([]);
  });

  it("has no link that leads out of the package", () => {
    const links = files
      .filter((file) => file.endsWith(".md"))
      .flatMap((page) => [...prose(read(page)).matchAll(LINK)].map(([, link = ""]) => ({ page, link })))
      .filter(({ link }) => !/^[a-z]+:/.test(link));
    expect(links.length).toBeGreaterThan(50);
    const astray = links.filter(({ page, link }) => !existsSync(join(unpacked, dirname(page), link)));
    expect(astray).toEqual([]);
  });

  it("runs no script at installation, and needs only its declared dependencies", () => {
    const manifest: { scripts: Record<string, string>; devDependencies: Record<string, string> } = JSON.parse(
      read("package.json"),
    );
    // npm asks for an approval of `prepare` too where the package comes as a file.
    const { preinstall, install, postinstall, prepare } = manifest.scripts;
    expect({ preinstall, install, postinstall, prepare }).toEqual({});
    const required = files
      .filter((file) => file.endsWith(".js"))
      .flatMap((file) =>
        [...read(file).matchAll(/\brequire\("([^"./][^"]*)"\)/g)].map(([, name = ""]) => name),
      );
    expect(required.length).toBeGreaterThan(10);
    const forDevelopment = Object.keys(manifest.devDependencies).filter(
      (name) => !["@pulumi/pulumi", "pulumi-utho"].includes(name),
    );
    expect(required.filter((name) => forDevelopment.includes(name))).toEqual([]);
  });

  it("resolves, with its types, the way Node.js, TypeScript and bundlers look for it", async () => {
    const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
    const result = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(tarball))));
    if (result.types === false) throw new Error("The package has no types.");
    expect(result.problems).toEqual([]);
    const ways = Object.entries(result.entrypoints).map(([path, { resolutions }]) => ({
      path,
      ways: Object.entries(resolutions).flatMap(([way, { resolution }]) =>
        resolution === undefined ? [] : [way],
      ),
    }));
    const all = ["node10", "node16-cjs", "node16-esm", "bundler"];
    expect(ways.map(({ path }) => path)).toEqual(expect.arrayContaining([".", "./client", "./simulator"]));
    expect(ways.filter((one) => all.some((way) => !one.ways.includes(way)))).toEqual([]);
  });

  it("teaches vitest's expect its matchers, in ES modules and in CommonJS", async () => {
    for (const name of ["vitest", "@types"])
      symlinkSync(join(REPOSITORY, "node_modules", name), linkTo(name));
    symlinkSync(unpacked, linkTo("pulumi-utho"));
    const program = `import type {} from "pulumi-utho/testing/vitest";
import { expect } from "vitest";
expect(0).toHaveSnapshotOf("1001");
`;
    for (const name of ["test.mts", "test.cts"]) writeFileSync(join(folder, name), program);
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext"];
    const tsc = join(REPOSITORY, "node_modules/typescript/bin/tsc");
    const compiled = await run(process.execPath, [tsc, ...options, "test.mts", "test.cts"], { cwd: folder });
    expect(compiled, compiled.output).toMatchObject({ code: 0 });
  });

  it("has a package.json with nothing for publint to say", async () => {
    const { publint } = await import("publint");
    const bytes = readFileSync(tarball);
    const data = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
    const { messages } = await publint({ pack: { tarball: data }, strict: true });
    expect(messages).toEqual([]);
  });
});
