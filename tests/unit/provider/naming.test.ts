import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  generateName,
  isNamedFor,
  LONGEST_NAME,
  markFor,
  parseGeneratedName,
} from "../../../provider/utho/names";

const URN = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/utho:Snapshot::web";
const NOW = Date.parse("2026-11-22T21:20:51.123Z");

const urn = fc
  .record({
    stack: fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
    name: fc.string({ minLength: 1, maxLength: 120 }),
  })
  .map(({ stack, name }) => `urn:pulumi:${stack}::shop::pulumi-nodejs:dynamic/utho:Snapshot::${name}`);

describe("generated names", () => {
  it("can be read by a person: stack, logical name, mark, time in UTC", () => {
    expect(generateName(URN, NOW)).toMatch(/^prod-web-[0-9a-f]{6}-20261122t212051z$/);
  });

  it("are recognised by their own resource, and their time is read back to the second", () => {
    fc.assert(
      fc.property(urn, fc.integer({ min: 0, max: 4_000_000_000 }), (anyUrn, second) => {
        const name = generateName(anyUrn, second * 1_000);
        expect(isNamedFor(anyUrn, name)).toBe(true);
        expect(parseGeneratedName(name)?.takenAt).toBe(second * 1_000);
        expect(name.length).toBeLessThanOrEqual(LONGEST_NAME);
        expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
      }),
    );
  });

  it("give their time to the minute where a cut took the seconds", () => {
    expect(parseGeneratedName("prod-web-a1b2c3-20261122t2120")?.takenAt).toBe(Date.UTC(2026, 10, 22, 21, 20));
  });

  it("are never taken for those of another stack, project or resource", () => {
    const name = generateName(URN, NOW);
    for (const [from, to] of [
      ["prod::", "dev::"],
      ["::shop::", "::blog::"],
      ["::web", "::web2"],
    ] as const) {
      expect(isNamedFor(URN.replace(from, to), name)).toBe(false);
    }
  });

  it("have a mark for each thing that is made, the same in every run that tries to make it", () => {
    const marks = [
      markFor(URN, { digest: undefined, former: undefined }),
      markFor(URN, { digest: "a", former: undefined }),
      markFor(URN, { digest: "b", former: undefined }),
      markFor(URN, { digest: "a", former: "a1b2c3" }),
      markFor(URN, { digest: undefined, former: "a1b2c3" }),
      markFor(URN.replace("::web", "::db"), { digest: "a", former: undefined }),
    ];
    expect(new Set(marks).size).toBe(marks.length);
    expect(markFor(URN, { digest: "a", former: "a1b2c3" })).toBe(marks[3]);
    for (const mark of marks) expect(mark).toMatch(/^[0-9a-f]{6}$/);
  });

  it.each(["golden", "prod-web-20261122T212051Z-a1b2c", "prod-web-20261399T212051Z-a1b2c3", "x-2026-a1b2c3"])(
    "are not seen in %s",
    (name) => {
      expect(parseGeneratedName(name)).toBeUndefined();
    },
  );
});
