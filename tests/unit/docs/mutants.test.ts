import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(__dirname, "../../..");

/** `npm run mutants` is dear and not part of every run; that it can be run is. */
describe("the defects of npm run mutants", () => {
  it("fit the code, and their tests exist", async () => {
    const { MUTANTS } = await import("../../../tools/mutants/list.mjs");
    for (const { defect, also, test, ...first } of MUTANTS) {
      expect(existsSync(resolve(ROOT, test)), defect).toBe(true);
      for (const { file, from, to } of also === undefined ? [first] : [first, also]) {
        expect(readFileSync(resolve(ROOT, file), "utf8").split(from), defect).toHaveLength(2);
        expect(to, defect).not.toBe(from);
      }
    }
    expect(MUTANTS.length).toBeGreaterThan(15);
  });
});
