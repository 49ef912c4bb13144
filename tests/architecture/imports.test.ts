import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  filesBelow,
  LAYERS,
  type Layer,
  packageOf,
  parseSource,
  REPOSITORY,
  readSource,
  type Source,
  targetOf,
} from "./sources";

/** What each layer may import of the others, types included: what is not named here is above it or beside it. */
const MAY_IMPORT: Readonly<Record<Layer, readonly Layer[]>> = {
  sdk: ["sdk", "provider"],
  provider: ["provider", "client"],
  client: ["client"],
  // It must stay independent of our own idea of the API, or tests against it prove nothing.
  simulator: ["simulator"],
  testing: ["testing", "sdk", "provider", "client", "simulator"],
  policy: ["policy", "sdk", "provider"],
  cli: ["cli", "plugin", "sdk", "provider", "client", "simulator"],
  plugin: ["plugin", "provider", "client"],
};

/** Packages that a layer may use besides Node's own modules. */
const MAY_USE: Readonly<Record<Layer, readonly string[]>> = {
  sdk: ["@pulumi/pulumi"],
  // Pulumi's gRPC client is taken through Pulumi itself; see provider/engine/progress.ts.
  provider: ["async-mutex", "@pulumi/pulumi"],
  client: ["https-proxy-agent", "valibot"],
  simulator: ["valibot"],
  testing: ["@pulumi/pulumi", "vitest", "expect"],
  policy: ["@pulumi/policy"],
  cli: ["async-mutex", "commander", "jsonc-parser", "picomatch", "string-width", "valibot", "@pulumi/pulumi"],
  // All of it is bundled into one file.
  plugin: ["google-protobuf", "@pulumi/pulumi"],
};

/** Packages whose types alone are named, in entry points that only those load who have them. */
const TYPES_ALONE: readonly string[] = ["vitest", "expect"];

interface Manifest {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

/** Modules that cost tens of milliseconds to load; a program or an operation that does not need them must not. */
const HEAVY = ["https-proxy-agent", "valibot", "commander", "async-mutex", "client/index"];

/** What only a call to the cloud needs; `check` and `diff`, all that an `up` without changes asks for, do without. */
const OF_CALLS =
  /^provider\/(utho\/(account|listing|remove)|(snapshot|restore|clone)\/(create|read|update|delete)|rotation\/(converge|read|delete))$/;

/** The floors of the provider from the bottom up. A floor imports what is below it and itself. */
const FLOORS = [
  /^provider\/(codes|failure|duration|said|translate|config)$/,
  /^provider\/engine\//,
  /^provider\/utho\//,
  /^provider\/(snapshot|restore|clone|rotation|lookup)\//,
  /^provider\/(guard|index)$/,
];

/** The floor on which the resources stand side by side. */
const RESOURCES = 3;

const sources = filesBelow(LAYERS, /\.ts$/).map(readSource);

function layerOf(file: string): Layer {
  const layer = LAYERS.find((one) => file.startsWith(`${one}/`));
  if (layer === undefined) throw new Error(`${file} is in no layer.`);
  return layer;
}

/** One of each kind, as they are written in this repository. */
const EVERY_KIND = `
import a from "static-a";
import { type B, c } from "static-b";
export * from "static-c";
import "static-d";
import type { E } from "type-e";
import { type F } from "type-f";
export type { G } from "type-g";
type H = typeof import("type-h");
const i = () => import("lazy-i");
const j = require("lazy-j");
`;

describe("imports", () => {
  it("are classified by when they are loaded", () => {
    const { imports } = parseSource("all.ts", EVERY_KIND);
    expect(imports.map(({ specifier, kind }) => [specifier.split("-")[0], kind])).toEqual(
      imports.map(({ kind }) => [kind, kind]),
    );
    expect(imports).toHaveLength(10);
  });

  it("are found at all", () => {
    expect(sources.length).toBeGreaterThan(100);
    for (const layer of LAYERS) expect(sources.some(({ file }) => layerOf(file) === layer)).toBe(true);
  });

  it("point only downward: sdk, provider, client; the simulator is separate; the command may use all", () => {
    const upward = sources.flatMap(({ file, imports }) =>
      imports.flatMap(({ specifier }) => {
        const target = targetOf(file, specifier);
        if (target === undefined) return [];
        const allowed: readonly string[] = MAY_IMPORT[layerOf(file)];
        return allowed.includes(target.split("/")[0] ?? "") ? [] : [`${file} imports ${target}`];
      }),
    );
    expect(upward).toEqual([]);
  });

  it("point downward between the floors of the provider, and never from one resource to another", () => {
    const floor = (name: string): number => FLOORS.findIndex((pattern) => pattern.test(name));
    const wrong = edges(({ kind }) => kind !== "lazy")
      .filter(([from, to]) => from.startsWith("provider/") && to.startsWith("provider/"))
      .filter(([from, to]) => {
        const beside = floor(from) === RESOURCES && floor(to) === RESOURCES && roomOf(from) !== roomOf(to);
        return floor(from) < 0 || floor(to) > floor(from) || beside;
      });
    expect(wrong.map(([from, to]) => `${from} imports ${to}`)).toEqual([]);
  });

  it("never lead from one command to another, nor from the screen to a stack", () => {
    const shared = ["stack", "screen"];
    const wrong = edges(() => true)
      .filter(([from, to]) => isBelowCli(from) && isBelowCli(to))
      .filter(([from, to]) => roomOf(from) !== roomOf(to))
      .filter(([from, to]) => !shared.includes(roomOf(to) ?? "") || roomOf(from) === "screen");
    expect(wrong.map(([from, to]) => `${from} imports ${to}`)).toEqual([]);
  });

  it("go round in no circle", () => {
    expect(circles()).toEqual([]);
  });

  it("name only the packages that the layer may use", () => {
    const foreign = sources.flatMap(({ file, imports }) =>
      imports.flatMap(({ specifier }) => {
        if (specifier.startsWith(".") || specifier.startsWith("node:")) return [];
        return MAY_USE[layerOf(file)].includes(packageOf(specifier)) ? [] : [`${file} uses ${specifier}`];
      }),
    );
    expect(foreign).toEqual([]);
  });

  it("are of packages that the package depends on, but for those in the plugin's bundle", () => {
    const { dependencies, peerDependencies }: Manifest = JSON.parse(
      readFileSync(join(REPOSITORY, "package.json"), "utf8"),
    );
    const declared = new Set(Object.keys({ ...dependencies, ...peerDependencies }));
    const used = sources.flatMap(({ file, imports }) =>
      (layerOf(file) === "plugin" ? [] : imports)
        .map(({ specifier, kind }) => ({ name: packageOf(specifier), kind }))
        .filter(({ name, kind }) => kind !== "type" || !TYPES_ALONE.includes(name))
        .map(({ name }) => name),
    );
    const missing = used.filter((name) => !/^(\.|node:)/.test(name) && !declared.has(name));
    expect(missing).toEqual([]);
  });

  it("of other files name files that exist", () => {
    const broken = sources.flatMap(({ file, imports }) =>
      imports.flatMap(({ specifier }) => {
        const target = targetOf(file, specifier);
        return target === undefined || fileOf(target) !== undefined ? [] : [`${file}: ${specifier}`];
      }),
    );
    expect(broken).toEqual([]);
  });

  it("show what only a call to the cloud needs", () => {
    expect(sources.filter(({ file }) => OF_CALLS.test(file.replace(/\.ts$/, "")))).toHaveLength(17);
  });

  it.each(["sdk/index", "provider/index"])("of %s load nothing heavy before it is needed", (entry) => {
    const loaded = loadedBy(entry);
    const early = [...loaded.keys()].filter((one) => HEAVY.includes(one) || OF_CALLS.test(one));
    expect(early.map((one) => loaded.get(one))).toEqual([]);
  });

  it("of the command load nothing heavy but its reader of command lines: help and completion run nothing", () => {
    const loaded = loadedBy("cli/main");
    const heavy = [...HEAVY.filter((one) => one !== "commander"), "simulator/index", "@pulumi/pulumi"];
    expect(loaded.has("commander")).toBe(true);
    expect([...loaded.keys()].filter((one) => heavy.includes(one)).map((one) => loaded.get(one))).toEqual([]);
  });

  const comparing = ["provider/index", "provider/snapshot/lifecycle"];
  const asking = [...comparing, "provider/utho/account", "client/index"];

  // Each costs half a millisecond where most users wait. One more must be worth it, and docs/performance.md shows them.
  it.each<[what: string, entries: string[], files: number]>([
    ["a program", ["sdk/index"], 30],
    ["`up` without changes", comparing, 34],
    ["a refresh", [...asking, "provider/snapshot/read"], 49],
    ["`up` that takes a snapshot", [...asking, "provider/snapshot/create"], 56],
    ["help and completion", ["cli/main"], 45],
    ["`pulumi-utho report`", ["cli/main", "cli/report/run", "client/index"], 106],
  ])("of %s are few", (_what, entries, files) => {
    const loaded = new Set(entries.flatMap((entry) => [...loadedBy(entry).keys()]));
    expect([...loaded].filter((one) => sourceOf(one) !== undefined).length).toBeLessThanOrEqual(files);
  });
});

/** Each import between two files of ours. */
function edges(wanted: (one: Source["imports"][number]) => boolean): [from: string, to: string][] {
  return sources.flatMap(({ file, imports }) =>
    imports.filter(wanted).flatMap(({ specifier }): [string, string][] => {
      const target = targetOf(file, specifier);
      return target === undefined ? [] : [[file.replace(/\.ts$/, ""), nameOf(target)]];
    }),
  );
}

/** Whether a file belongs to one command, or to what all commands share. */
function isBelowCli(name: string): boolean {
  return /^cli\/[^/]+\//.test(name);
}

/** The resource or the command that a file belongs to. */
function roomOf(name: string): string | undefined {
  return name.split("/")[1];
}

/** Groups of files that import one another, types included. */
function circles(): string[] {
  const all = edges(() => true);
  const reach = new Map<string, Set<string>>();
  for (const { file } of sources) {
    const name = file.replace(/\.ts$/, "");
    const seen = new Set<string>();
    const open = [name];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      for (const [from, to] of all) {
        if (from !== one || seen.has(to)) continue;
        seen.add(to);
        open.push(to);
      }
    }
    reach.set(name, seen);
  }
  const groups = [...reach].flatMap(([name, seen]) =>
    seen.has(name)
      ? [[name, ...[...seen].filter((one) => one !== name && reach.get(one)?.has(name))].sort()]
      : [],
  );
  return [...new Set(groups.map((group) => group.join(", ")))].sort();
}

/** Whatever is loaded with a file, each with the way that leads to it. */
function loadedBy(entry: string): Map<string, string> {
  const loaded = new Map([[entry, entry]]);
  for (const [name, way] of loaded) {
    for (const { specifier, kind } of sourceOf(name)?.imports ?? []) {
      if (kind !== "static") continue;
      const file = sourceOf(name)?.file ?? name;
      const target = targetOf(file, specifier);
      const next = target === undefined ? packageOf(specifier) : nameOf(target);
      if (!loaded.has(next)) loaded.set(next, `${way} → ${next}`);
    }
  }
  return loaded;
}

function sourceOf(name: string): Source | undefined {
  return sources.find(({ file }) => file === `${name}.ts`);
}

function fileOf(target: string): string | undefined {
  return [`${target}.ts`, `${target}/index.ts`].find((file) => existsSync(join(REPOSITORY, file)));
}

function nameOf(target: string): string {
  return fileOf(target)?.replace(/\.ts$/, "") ?? target;
}
