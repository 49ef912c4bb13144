import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY } from "./sources";

const LEFT_OUT = /\.(?:skip|skipIf|runIf|todo|only|fails)\b\(?.*/;

/** Why a test may be left out of a run. Of these only shells and browsers can be missing where `CI` is set. */
const REASONS: Readonly<Record<string, RegExp>> = {
  "another operating system": /process\.platform [!=]== "win32"/,
  "no registry; with CI set, tests/compat/setup.ts fails": /\.skipIf\(!isReady\(\)\)/,
  "no Go; with CI set, the test itself fails": /^\.skip\(cannot\)/,
  "a shell that is not installed": /\.skipIf\(!installed\(shell\)\)/,
  "no browser": /\.skipIf\(!hasBrowser\(\)\)/,
};

const files = readdirSync(join(REPOSITORY, "tests"), { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts") && file !== "architecture/skips.test.ts");

const leftOut = files.flatMap((file) =>
  readFileSync(join(REPOSITORY, "tests", file), "utf8")
    .split("\n")
    .flatMap((line) => {
      const found = /\b(?:it|test|describe|context)(?=\.)/.test(line) ? LEFT_OUT.exec(line) : null;
      return found === null ? [] : [{ file, how: found[0] }];
    }),
);

describe("tests", () => {
  it("are left out for a known reason only", () => {
    const reasons = Object.values(REASONS);
    expect(leftOut.filter(({ how }) => !reasons.some((reason) => reason.test(how)))).toEqual([]);
  });

  it("are searched in all their files", () => {
    expect(files.length).toBeGreaterThan(100);
    expect(leftOut.length).toBeGreaterThan(10);
  });
});
