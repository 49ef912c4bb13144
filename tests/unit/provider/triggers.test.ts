import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { digestTriggers, isSealOf, sealTriggers, UNKNOWN } from "../../../provider/engine/values";
import { asRestoreInputs, isKeyOf, restoreKey } from "../../../provider/restore/contract";

const TRIGGERS: [string, unknown][] = [
  ["a list", ["v1", 2, true, null]],
  ["an empty list", []],
  ["a map", { commit: "4f2a", list: [1, { deep: "x" }] }],
  ["a text with the marks of a digest", ["a.b#c"]],
];

describe("what a state keeps of triggers", () => {
  it.each(TRIGGERS)("is known again as that of the same, and of none other: %s", (_what, triggers) => {
    const sealed = sealTriggers(triggers);
    expect(isSealOf(sealed, structuredClone(triggers))).toBe(true);
    for (const [, other] of TRIGGERS) expect(isSealOf(sealed, other)).toBe(other === triggers);
    for (const other of [undefined, null, UNKNOWN]) expect(isSealOf(sealed, other)).toBe(false);
  });

  it("is, of a file or an archive, what it holds: `diff` gets neither its path nor its text", () => {
    const asset = (hash: string, more = {}) => [
      { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", hash, ...more },
    ];
    for (const whole of [asset("2c8b08", { path: "./x.txt" }), asset("2c8b08", { text: "a" })]) {
      expect(isSealOf(sealTriggers(whole), asset("2c8b08"))).toBe(true);
      expect(isSealOf(sealTriggers(whole), asset("ca9781"))).toBe(false);
      expect(digestTriggers(whole)).toBe(digestTriggers(asset("2c8b08")));
    }
    // A map of the program's own that has a key of that name is no asset.
    expect(isSealOf(sealTriggers({ hash: "1", path: "a" }), { hash: "1", path: "b" })).toBe(false);
  });

  it("ignores the order of keys, and is absent without triggers", () => {
    expect(isSealOf(sealTriggers({ a: 1, b: { c: 2, d: 3 } }), { b: { d: 3, c: 2 }, a: 1 })).toBe(true);
    expect([sealTriggers(undefined), sealTriggers(null)]).toEqual([undefined, undefined]);
    expect(isSealOf(undefined, null)).toBe(true);
    expect(isSealOf(undefined, ["v1"])).toBe(false);
  });

  it("differs each time, and is salted", () => {
    const secret = ["hunter2"];
    const seals = Array.from({ length: 50 }, () => sealTriggers(secret) ?? "");
    expect(new Set(seals.map((seal) => seal.split(".")[0])).size).toBe(50);
    expect(new Set(seals.map((seal) => seal.split(".")[1])).size).toBe(50);
    const plainly = createHash("sha256").update(JSON.stringify(secret)).digest("hex");
    for (const seal of seals) {
      expect(seal).toMatch(/^[0-9a-f]{16}\.[0-9a-f]{32}$/);
      expect(seal).not.toContain(plainly.slice(0, 16));
    }
  });

  it("is read as version 0.1.0 wrote it, without a salt", () => {
    // sha256 of the JSON, cut to 16 digits, as in tests/recorded/0.1.0.json.
    const recorded = createHash("sha256").update('["v1"]').digest("hex").slice(0, 16);
    expect(digestTriggers(["v1"])).toBe(recorded);
    expect(isSealOf(recorded, ["v1"])).toBe(true);
    expect(isSealOf(recorded, ["v2"])).toBe(false);
  });

  it.each(TRIGGERS)("recognises what a restore has restored before: %s", (_what, triggers) => {
    const inputs = asRestoreInputs({ snapshot: "1001/9001", triggers });
    for (const digest of [sealTriggers(triggers), digestTriggers(triggers)]) {
      const key = restoreKey("1001/9001", digest);
      expect(isKeyOf(key, inputs)).toBe(true);
      expect(isKeyOf(key, { ...inputs, snapshot: "1001/9002" })).toBe(false);
      expect(isKeyOf(key, { ...inputs, triggers: ["others"] })).toBe(false);
      expect(isKeyOf(key, { ...inputs, triggers: undefined })).toBe(false);
    }
    expect(isKeyOf(restoreKey("1001/9001", undefined), { ...inputs, triggers: undefined })).toBe(true);
    expect(isKeyOf(restoreKey("1001/9001", undefined), inputs)).toBe(false);
  });
});
