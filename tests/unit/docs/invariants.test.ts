import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY, readPage } from "./pages";

const rules = readPage("INVARIANTS.md")
  .split("\n")
  .filter((line) => line.startsWith("- "));

const ENFORCED = / (?:Enforced by ((?:`tests\/[\w./-]+\.test\.ts`(?:, )?)+)|Not yet enforced\.)$/;

describe("INVARIANTS.md", () => {
  it("has rules, and each names the test that enforces it", () => {
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter((rule) => !ENFORCED.test(rule))).toEqual([]);
  });

  it("names only tests that exist", () => {
    const named = rules.flatMap((rule) =>
      [...rule.matchAll(/`(tests\/[^`]+)`/g)].map(([, file = ""]) => file),
    );
    expect(named.filter((file) => !existsSync(join(REPOSITORY, file)))).toEqual([]);
  });
});
