import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findings, NOT_ASKED } from "../../live/facts";
import { describePlan } from "../../live/plan";
import { ROOT } from "./lockfile";

const page = readFileSync(join(ROOT, "docs/live-test.md"), "utf8");
const settings = readFileSync(join(ROOT, "tests/live/settings.ts"), "utf8");

/** For each open point of docs/utho-api.md, by words of its row: the points of a report, or what it gives a reason for. */
const OPEN_POINTS: Readonly<Record<string, readonly string[]>> = {
  "a read-only token is refused": ["read-only-token"],
  "other writes hold the line": ["held-line", "hang-up"],
  "HTTP 4xx and 5xx": ["error-shape", "rate-limit"],
  "`GET /snapshot`": ["snapshot-listing", "snapshot-by-zone", "snapshot-pages"],
  "plans that fit": ["plans-for-snapshot"],
  "The longest name": ["longest-name", "odd-name", "name-kept"],
  "How many snapshots an account may have": ["snapshot-limit"],
  "fields deploy really requires": [
    "default-cpu",
    "Deployment from a snapshot, also in another data centre, and the fields that it needs",
  ],
  "Which confirmation counts": ["What confirms the destruction of a server"],
  "other status words": ["status-words", "Status words of a snapshot that fails"],
  "may share a name": ["same-name"],
  "How late a new snapshot is listed": ["listing-lag", "delete"],
  "account's listings exist": ["getdeploy", "snapshot-listing", "server-listing"],
  "snapshots outlive their server": ["Whether snapshots outlive their server"],
  "`page` is honoured": ["page-honoured", "pages", "Pages of servers that shift while they are read"],
  "outside the Indian data centres": ["created-at"],
};

describe("the open points of docs/utho-api.md", () => {
  const lines = readFileSync(join(ROOT, "docs/utho-api.md"), "utf8").split("\n");
  const open = lines.filter(
    (line) => /^\|.*\bopen\b[^|]*\||\(open\)/.test(line) && !line.startsWith("| **open**"),
  );

  it("are all asked by the kit, or it says why not", () => {
    const asked = findings({ exchanges: [], cloudId: "1", probes: {}, own: new Map() }).map(({ id }) => id);
    const covered = new Set([...asked, ...NOT_ASKED.map(([point]) => point)]);
    expect(open.length).toBeGreaterThanOrEqual(Object.keys(OPEN_POINTS).length);
    const words = Object.keys(OPEN_POINTS);
    expect(open.filter((line) => !words.some((one) => line.includes(one)))).toEqual([]);
    expect(words.filter((one) => !open.some((line) => line.includes(one)))).toEqual([]);
    expect(Object.values(OPEN_POINTS).flatMap((points) => points.filter((one) => !covered.has(one)))).toEqual(
      [],
    );
  });
});

describe("docs/live-test.md", () => {
  it("has a row for each variable that the kit reads, and for no other", () => {
    const read = [...settings.matchAll(/(?:text|duration)\("(UTHO_\w+)"/g)].map(([, name]) => name);
    const documented = [...page.matchAll(/^\| `(UTHO_\w+)` \|/gm)].map(([, name]) => name);
    expect(documented.sort()).toEqual([...new Set(read)].sort());
  });

  it("shows a sample with every point that a report has", () => {
    const all = findings({ exchanges: [], cloudId: "1", probes: {}, own: new Map() }).map(({ id }) => id);
    const shown = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
    expect(shown).toEqual(all);
  });

  it("quotes what a refused run prints", () => {
    expect(page).toContain(describePlan(50, { restore: false, names: false, hangUp: false }));
  });

  it("are all present, and none invented, in the report of a run that saw nothing", () => {
    const found = findings({ exchanges: [], cloudId: "1", probes: {}, own: new Map() });
    const claims = found.filter(({ answer }) => !["not observed", "none", "not met"].includes(answer));
    expect(claims.map(({ id }) => id)).toEqual([]);
  });
});
