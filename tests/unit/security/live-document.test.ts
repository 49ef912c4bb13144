import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findings } from "../../live/facts";
import { describePlan } from "../../live/plan";
import { ROOT } from "./lockfile";

const page = readFileSync(join(ROOT, "docs/live-test.md"), "utf8");
const settings = readFileSync(join(ROOT, "tests/live/settings.ts"), "utf8");

describe("docs/live-test.md", () => {
  it("has a row for each variable that the kit reads, and for no other", () => {
    const read = [...settings.matchAll(/(?:text|duration)\("(UTHO_\w+)"/g)].map(([, name]) => name);
    const told = [...page.matchAll(/^\| `(UTHO_\w+)` \|/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual([...new Set(read)].sort());
  });

  it("shows a sample with every point that a report tells", () => {
    const all = findings({ exchanges: [], cloudId: "1", probes: {}, own: new Map() }).map(({ id }) => id);
    const told = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, id]) => id);
    expect(told).toEqual(all);
  });

  it("quotes what a refused run prints", () => {
    expect(page).toContain(describePlan(50, false));
  });

  it("is told by a run that has seen nothing without inventing anything", () => {
    const told = findings({ exchanges: [], cloudId: "1", probes: {}, own: new Map() });
    const claims = told.filter(({ answer }) => !["not observed", "none", "not met"].includes(answer));
    expect(claims.map(({ id }) => id)).toEqual([]);
  });
});
