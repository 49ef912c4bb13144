import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { REPOSITORY, readPage } from "./pages";

const TABLE = "bench/README-table.md";
const BETWEEN_MARKERS = /<!-- bench -->\n([\s\S]*?)\n<!-- \/bench -->/;

describe("the measurements in README.md", () => {
  const shown = BETWEEN_MARKERS.exec(readPage("README.md"))?.[1]?.trim();

  it("stand between their markers", () => {
    expect(shown).toBeDefined();
  });

  it(`are those of ${TABLE}, when there is one: copy it between the markers`, () => {
    const measured = existsSync(join(REPOSITORY, TABLE)) ? readPage(TABLE).trim() : shown;
    expect(shown).toBe(measured);
  });
});
