import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { isReachable, isRunner } from "../../../sdk/reachable";

const RUN = "/app/node_modules/@pulumi/pulumi/cmd/run";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-reachable-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A package of this name, as an installer lays it out below `place`. */
function install(place: string): void {
  const at = join(place, "node_modules/pulumi-utho");
  mkdirSync(at, { recursive: true });
  const exports = { "./provider": "./provider.js" };
  writeFileSync(join(at, "package.json"), JSON.stringify({ name: "pulumi-utho", exports }));
  writeFileSync(join(at, "provider.js"), "");
}

it.each<[string, string, boolean]>([
  ["Pulumi's own script", RUN, true],
  ["its file", `${RUN}/index.js`, true],
  ["on Windows", "C:\\app\\node_modules\\@pulumi\\pulumi\\cmd\\run\\index.js", true],
  ["a test's runner", "/app/node_modules/vitest/vitest.mjs", false],
  ["an inline program", "/app/deploy.js", false],
  ["a policy pack", "/app/node_modules/@pulumi/pulumi/cmd/run-policy-pack/index.js", false],
  ["nothing", "", false],
])("a program is run by %s", (_what, script, expected) => {
  expect(isRunner(script)).toBe(expected);
});

describe("the provider", () => {
  it("is found where the program has it, or a folder above", () => {
    expect(isReachable(folder)).toBe(false);
    install(folder);
    mkdirSync(join(folder, "packages/app"), { recursive: true });
    expect(isReachable(folder)).toBe(true);
    expect(isReachable(join(folder, "packages/app"))).toBe(true);
  });

  it("is not found when only a library of the program has it", () => {
    install(join(folder, "node_modules/components"));
    expect(isReachable(folder)).toBe(false);
  });

  it("is looked for where the folder really is", () => {
    install(join(folder, "real"));
    symlinkSync(join(folder, "real"), join(folder, "link"), "junction");
    expect(isReachable(join(folder, "link"))).toBe(true);
  });

  it("is not reported missing when the folder itself cannot be read", () => {
    expect(isReachable(join(folder, "nowhere"))).toBe(true);
  });
});

describe("a declaration", () => {
  const { argv } = process;
  afterEach(() => {
    process.argv = argv;
    vi.restoreAllMocks();
    vi.resetModules();
  });

  it("says what to install where, for every resource", async () => {
    vi.resetModules();
    // Vitest's workers cannot change their folder.
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    const utho = await import("../../../sdk/index.js");
    process.argv = ["node", RUN];
    const declarations = [
      () => new utho.Snapshot("s", { cloudId: "1001" }),
      () => new utho.SnapshotRestore("r", { snapshot: "1001/5001" }),
      () => new utho.ServerClone("c", { snapshot: "1001/5001", hostname: "copy", planId: "10045" }),
      () => new utho.SnapshotRotation("n", { cloudId: "1001", every: "1d", keep: { last: 1 } }),
    ];
    for (const declare of declarations) {
      expect(declare).toThrow(/^UTHO_PACKAGE_NOT_FOUND: /);
      expect(declare).toThrow(`add pulumi-utho to the dependencies in the package.json of ${folder}`);
    }
  });
});
