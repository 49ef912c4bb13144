import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const bench = () => import("../../../bench/compare.mjs");

const up = (cpuSeconds: number, floorCpuSeconds: number) => ({
  "up of 10": { cpuSeconds, calls: 24, floorCpuSeconds },
});

describe("the comparison of two versions", () => {
  it("takes each command's time and calls, and what the floor took in the same run", async () => {
    const { figuresOf } = await bench();
    const rows = [
      {
        operation: "up",
        size: 10,
        sides: { ours: { cpuSeconds: 4, calls: 24 }, floor: { cpuSeconds: 3, calls: 0 } },
      },
      { operation: "up", size: 100, sides: { floor: { cpuSeconds: 5, calls: 0 } } },
    ];
    const scale = [{ step: "prune", servers: 200, cpuSeconds: 9, calls: 1004 }];
    expect(figuresOf({ rows, scale })).toEqual({
      ...up(4, 3),
      "prune of a rotation of 200": { cpuSeconds: 9, calls: 1004 },
    });
  });

  it("measures the two in turn, so that a load that grows meets both", async () => {
    const { turns } = await bench();
    expect(turns(3)).toEqual([
      ["before", "now"],
      ["now", "before"],
      ["before", "now"],
    ]);
  });

  it("is the median of neighbours, also as each one's time above the floor: a busy machine falls out", async () => {
    const { ratiosOf } = await bench();
    const busy = { before: up(4, 2), now: up(8, 4) };
    const rounds = [busy, { before: up(4, 2), now: up(4, 2) }, busy];
    expect(ratiosOf(rounds)).toEqual([{ name: "up of 10", cpu: 2, aboveFloor: 1, calls: [24, 24] }]);
  });

  it("leaves out what only one version has, and the floor where it was not measured", async () => {
    const { ratiosOf } = await bench();
    const bare = { cpuSeconds: 3, calls: 1 };
    const rounds = [{ before: { a: bare }, now: { a: { cpuSeconds: 6, calls: 2 }, b: bare } }];
    expect(ratiosOf(rounds)).toEqual([{ name: "a", cpu: 2, aboveFloor: undefined, calls: [1, 2] }]);
  });

  it("is with the last entry of the same machine", async () => {
    const { lastOf } = await bench();
    const entry = (processor: string, commit: string) =>
      JSON.stringify({ machine: { processor, cores: 2 }, commit, figures: {} });
    const lines = [entry("one", "a"), entry("one", "b"), entry("other", "c"), ""];
    expect(lastOf(lines, { processor: "one", cores: 2 })?.commit).toBe("b");
    expect(lastOf(lines, { processor: "one", cores: 4 })).toBeUndefined();
    expect(lastOf([""], { processor: "one", cores: 2 })).toBeUndefined();
  });

  it("has a history to begin with", () => {
    const lines = readFileSync(join(__dirname, "../../../bench/history.jsonl"), "utf8").split("\n");
    const entries = lines.filter(Boolean).map((line) => JSON.parse(line));
    expect(entries.length).toBeGreaterThan(0);
    for (const { machine, commit, figures } of entries) {
      expect(machine).toMatchObject({ processor: expect.any(String), cores: expect.any(Number) });
      expect(commit).toMatch(/^[0-9a-f]{40}$/);
      for (const figure of Object.values(figures)) {
        expect(figure).toMatchObject({ cpuSeconds: expect.any(Number), calls: expect.any(Number) });
      }
    }
  });
});
