import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it, vi } from "vitest";
import { DOORS, type Door } from "../../support/doors";
import { ALL, type Choices, PLAIN } from "./choices";
import { liveThrough } from "./life";
import { OtherUtho } from "./other-utho";

const home = mkdtempSync(join(tmpdir(), "utho-imitations-"));
vi.stubEnv("PULUMI_HOME", home);
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

async function live(choices: Choices, door?: Door): Promise<string[]> {
  const utho = await OtherUtho.start(choices);
  try {
    return await liveThrough(utho, home, door);
  } finally {
    await utho.close();
  }
}

/** One choice apart from the plainest. */
const ODD = Object.entries(ALL).flatMap(([key, values]) =>
  values
    .slice(1)
    .map((value): [string, Choices] => [`${key} ${JSON.stringify(value)}`, { ...PLAIN, [key]: value }]),
);

describe("a whole life with an independent imitation of Utho", () => {
  it.each(DOORS)("in the plainest way, through the %s door", async (door) => {
    expect(await live(PLAIN, door)).toEqual([]);
  });

  it.concurrent.each(ODD)("with %s", async (_name, choices) => {
    expect(await live(choices)).toEqual([]);
  });

  it("with a restore that never shows", async () => {
    const unseen: Choices = { ...PLAIN, actions: "alwaysEmpty", restoreShows: false, done: "nothing" };
    expect(await live(unseen)).toEqual([]);
  });

  it("with choices at random", async () => {
    const choices = fc.record({
      ...Object.fromEntries(Object.entries(ALL).map(([key, values]) => [key, fc.constantFrom(...values)])),
    });
    await fc.assert(
      fc.asyncProperty(choices, async (some) => {
        expect(await live({ ...PLAIN, ...some })).toEqual([]);
      }),
      { seed: 4, numRuns: Number(process.env.UTHO_IMITATION_RUNS ?? 8) },
    );
  });
});
