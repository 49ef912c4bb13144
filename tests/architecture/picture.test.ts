import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { filesBelow, LAYERS, REPOSITORY, readSource, readText, targetOf } from "./sources";

const PICTURE = "docs/pictures/architecture.svg";

/** Arrows from folder to folder, found by the reader that the rules above use and not by the tool's own. */
function arrowsOfSources(): string[] {
  const files = filesBelow(LAYERS, /\.ts$/);
  const arrows = files.map(readSource).flatMap(({ file, imports }) =>
    imports.flatMap(({ specifier }) => {
      const target = targetOf(file, specifier);
      if (target === undefined) return [];
      const to = files.includes(`${target}.ts`) ? dirname(target) : target;
      return to === dirname(file) ? [] : [`${dirname(file)} ${to}`];
    }),
  );
  return [...new Set(arrows)].sort();
}

describe("the picture of the architecture", () => {
  it("shows the imports as they are: `npm run architecture` redraws it", {
    timeout: 120_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulumi-utho-picture-"));
    try {
      const drawn = join(folder, "architecture.svg");
      const script = join(REPOSITORY, "tools/architecture.mjs");
      await promisify(execFile)(process.execPath, [script, drawn], { cwd: REPOSITORY });
      const isCurrent = readFileSync(drawn, "utf8") === readText(PICTURE);
      expect(isCurrent, `${PICTURE} is not what the imports are now: npm run architecture`).toBe(true);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("is made of every import between two folders", async () => {
    const { measure } = await import("../../tools/architecture/imports.mjs");
    const measured = measure(REPOSITORY).arrows.map(({ from, to }) => `${from} ${to}`);
    expect(measured).toEqual(arrowsOfSources());
  });

  it("names every layer and every folder of the package", () => {
    const picture = readText(PICTURE);
    for (const folder of new Set(filesBelow(LAYERS, /\.ts$/).map((file) => dirname(file)))) {
      expect(picture).toContain(`<title>${folder}</title>`);
    }
  });
});
