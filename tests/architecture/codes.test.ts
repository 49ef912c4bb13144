import { describe, expect, it } from "vitest";
import { CODES } from "../../provider/codes";
import { filesBelow, readText } from "./sources";

/** Tests of the pages show what is written about a code, not that a failure has it. */
const tests = filesBelow(["tests"], /\.ts$/).filter((file) => !file.startsWith("tests/unit/docs/"));
const words = new Set(tests.flatMap((file) => readText(file).match(/\bUTHO_[A-Z_]+\b/g) ?? []));

describe("codes of errors", () => {
  it("are all expected by a test", () => {
    expect(Object.keys(CODES).filter((code) => !words.has(code))).toEqual([]);
  });

  it("are all that the code of the package speaks of", () => {
    const settings = ["UTHO_TOKEN", "UTHO_ENDPOINT", "UTHO_API_KEY"];
    const known = new Set([...Object.keys(CODES), ...settings]);
    const files = filesBelow(["sdk", "provider", "client", "cli", "testing", "policy", "plugin"], /\.ts$/);
    const spoken = files.flatMap((file) => readText(file).match(/"UTHO_[A-Z_]+"/g) ?? []);
    expect(spoken.length).toBeGreaterThan(100);
    expect([...new Set(spoken)].filter((word) => !known.has(word.slice(1, -1)))).toEqual([]);
  });
});
