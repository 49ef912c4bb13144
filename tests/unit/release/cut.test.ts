import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { copyRepository, edit, REPOSITORY, release, VERSIONED, versionOf } from "./copy";

const EXAMPLE = "examples/scale-out/package.json";

const SCHEMA = "plugin/schema.json";

let folder: string;

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "pulumi-utho-release-")), "repository");
  copyRepository(folder, [...VERSIONED, EXAMPLE, SCHEMA]);
  edit(folder, "CHANGELOG.md", () => CHANGELOG);
});

afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const CHANGELOG = `# Changelog

What a user notices.

## Unreleased

### Fixed

- A change.

## 0.1.0 - 2026-11-30

### Added

- The beginning.
`;

function changelog(): string {
  return readFileSync(join(folder, "CHANGELOG.md"), "utf8");
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

describe("the changelog", () => {
  it("is as the tool writes it, so that cutting a release changes one heading", async () => {
    const { readChangelog } = await import("../../../tools/release/changelog.mjs");
    const written = readFileSync(join(REPOSITORY, "CHANGELOG.md"), "utf8");
    expect(readChangelog(REPOSITORY).toString()).toBe(written);
  });
});

describe("npm run release -- cut", () => {
  it("gives section, package and lock the version, and then they agree", async () => {
    const before = today();
    expect(await release(folder, "cut", "0.2.0")).toMatchObject({ code: 0 });
    expect(["package.json", "package-lock.json", SCHEMA].map((file) => versionOf(folder, file))).toEqual([
      "0.2.0",
      "0.2.0",
      "0.2.0",
    ]);
    const [, date] = /## 0\.2\.0 - (\S+)\n\n### Fixed\n\n- A change\.\n\n## 0\.1\.0/.exec(changelog()) ?? [];
    expect([before, today()]).toContain(date);
    expect(readFileSync(join(folder, EXAMPLE), "utf8")).toContain('"pulumi-utho": "^0.2.0"');
    expect(await release(folder, "verify", "v0.2.0")).toMatchObject({ code: 0 });
  });

  it.each([
    { version: "0.1.0", why: "not above 0.1.0" },
    { version: "v0.2.0", why: "is no version" },
  ])("refuses $version and touches nothing", async ({ version, why }) => {
    const outcome = await release(folder, "cut", version);
    expect(outcome.code).toBe(1);
    expect(outcome.output).toContain(why);
    expect(changelog()).toBe(CHANGELOG);
    expect(versionOf(folder)).toBe(versionOf(REPOSITORY));
  });

  it("refuses an empty changelog, and another version than the one prepared", async () => {
    edit(folder, "CHANGELOG.md", (text) => text.replace("- A change.\n", ""));
    expect((await release(folder, "cut", "0.2.0")).output).toContain("has no change");
    edit(folder, "CHANGELOG.md", () => CHANGELOG.replace("## Unreleased", "## 0.3.0 - Unreleased"));
    expect((await release(folder, "cut", "0.2.0")).output).toContain("prepares 0.3.0, not 0.2.0");
    edit(folder, "CHANGELOG.md", () => CHANGELOG.replace(/## Unreleased[\s\S]*?(?=## 0)/, ""));
    expect((await release(folder, "cut", "0.2.0")).output).toContain("no section");
  });
});

describe("npm run release -- verify", () => {
  beforeEach(async () => {
    expect(await release(folder, "cut", "0.2.0")).toMatchObject({ code: 0 });
  });

  it("refuses another tag", async () => {
    const outcome = await release(folder, "verify", "v0.2.1");
    expect(outcome).toMatchObject({ code: 1 });
    expect(outcome.output).toContain("the tag is v0.2.1, and package.json has the version 0.2.0");
  });

  it("names every difference at once", async () => {
    edit(folder, "package-lock.json", (text) => text.replace('"version": "0.2.0"', '"version": "0.1.9"'));
    edit(folder, "CHANGELOG.md", (text) => text.replace(/## 0\.2\.0 - .*/, "## Unreleased"));
    const { code, output } = await release(folder, "verify", "v0.2.0");
    expect(code).toBe(1);
    expect(output.split("\n").filter((line) => line.startsWith("  - "))).toHaveLength(3);
    expect(output).toContain("package-lock.json has the version 0.1.9");
    expect(output).toContain("has no date");
  });
});

describe("npm run release -- dist-tag", () => {
  it("keeps versions before a release from those who ask for nothing special", async () => {
    expect((await release(folder, "dist-tag", "v1.0.0")).output).toBe("latest\n");
    expect((await release(folder, "dist-tag", "v1.0.0-rc.1")).output).toBe("next\n");
  });
});
