import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Facts, isTrue, Journal } from "../../../provider/engine/journal";
import { runsFolder } from "../../../provider/utho/notes";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "utho-journal-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("goes on as the memory of one process where the file cannot be written or read any more", () => {
  const journal = Journal.of(folder, "127.0.0.1:4000");
  const seen = new Facts(journal, "seen", isTrue);
  seen.set("1001/5001", true);
  const [file = ""] = readdirSync(folder);
  // As for a full disk: the path stays, and takes nothing.
  rmSync(join(folder, file));
  mkdirSync(join(folder, file));
  // What is remembered after a snapshot was made must not fail: its id would not get into the state.
  expect(() => seen.set("1001/5002", true)).not.toThrow();
  expect(seen.entries()).toEqual([
    ["1001/5001", true],
    ["1001/5002", true],
  ]);
  seen.delete("1001/5001");
  expect(seen.has("1001/5001")).toBe(false);
});

it("is the memory of one process where its folder cannot be made", () => {
  const journal = Journal.of(join(process.execPath, "runs"), "127.0.0.1:4000");
  const seen = new Facts(journal, "seen", isTrue);
  seen.set("1001/5001", true);
  expect(seen.has("1001/5001")).toBe(true);
});

it("is shared below the temporary folder where this user has no home folder", () => {
  vi.stubEnv("HOME", "");
  vi.stubEnv("TMPDIR", folder);
  try {
    const runs = runsFolder({}) ?? "";
    expect(runs.startsWith(folder)).toBe(true);
    expect(statSync(join(runs, "..")).mode & 0o777).toBe(0o700);
    const [one, other] = [Journal.of(runs, "127.0.0.1:4000"), Journal.of(runs, "127.0.0.1:4000")];
    new Facts(one, "seen", isTrue).set("1001/5001", true);
    expect(new Facts(other, "seen", isTrue).has("1001/5001")).toBe(true);
  } finally {
    vi.unstubAllEnvs();
  }
});
