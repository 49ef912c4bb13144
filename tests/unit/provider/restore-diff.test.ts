import { describe, expect, it } from "vitest";
import { digestTriggers, UNKNOWN } from "../../../provider/engine/values";
import { asRestoreInputs, asRestoreState, restoreKey } from "../../../provider/restore/contract";
import { diffRestore } from "../../../provider/restore/diff";
import { isKeptFor, keptName } from "../../../provider/utho/keep";

const digest = digestTriggers(["v1"]);
const done = [restoreKey("1001/8000", digest), restoreKey("1001/9001", digest)];
const state = { snapshot: "1001/9001", cloudId: "1001", phase: "restored", triggersDigest: digest, done };
const inputs = { snapshot: "1001/9001", triggers: ["v1"], resourceUrn: "urn" };

const NOTHING = { changes: false, replaces: [] };
const NOTED = { changes: true, replaces: [] };

describe("what a change of a restore does", () => {
  it.each<[string, object, object, object]>([
    ["nothing changed", {}, {}, NOTHING],
    [
      "options changed",
      {},
      { safetySnapshot: false, acknowledgeDataLoss: true, timeouts: { create: "2h" } },
      NOTHING,
    ],
    ["the resource was renamed by an alias", {}, { resourceUrn: "another" }, NOTHING],
    ["the safety snapshot is another", { safetySnapshotId: "1001/1" }, {}, NOTHING],
    ["another snapshot", {}, { snapshot: "1001/9002" }, { changes: true, replaces: ["snapshot"] }],
    [
      "a snapshot that is not known yet",
      {},
      { snapshot: UNKNOWN },
      { changes: true, replaces: ["snapshot"] },
    ],
    ["other triggers", {}, { triggers: ["v2"] }, { changes: true, replaces: ["triggers"] }],
    ["no triggers any more", {}, { triggers: undefined }, { changes: true, replaces: ["triggers"] }],
    ["back to what was restored before", {}, { snapshot: "1001/8000" }, NOTED],
    ["an unfinished restore", { phase: "sent" }, {}, NOTED],
    ["an unfinished restore, and back to before", { phase: "unsure" }, { snapshot: "1001/8000" }, NOTED],
  ])("%s", (_what, olds, news, difference) => {
    const before = asRestoreState({ ...state, ...olds });
    expect(diffRestore(before, asRestoreInputs({ ...inputs, ...news }))).toEqual(difference);
  });

  it("an incomplete state of another version restores nothing", () => {
    const old = asRestoreState({ snapshot: "1001/9001", phase: "a word of the future" });
    expect(diffRestore(old, asRestoreInputs({ snapshot: "1001/9001" }))).toEqual(NOTHING);
  });
});

describe("the name of a safety snapshot", () => {
  const owner = {
    urn: "urn:pulumi:prod::shop::some$type::web",
    mark: "a1b2c3",
    purpose: "before",
  } as const;
  const now = Date.parse("2026-11-22T21:20:51Z");

  it("contains stack, resource and time, and is recognised", () => {
    const name = keptName(owner, now);
    expect(name).toMatch(/^prod-web-before-[0-9a-f]{6}-20261122t212051z$/);
    expect(isKeptFor(owner, name)).toBe(true);
  });

  it.each([
    ["of another snapshot or with other triggers", { mark: "a1b2c4" }],
    ["by another resource", { urn: "urn:pulumi:prod::shop::some$type::db" }],
    ["in another stack", { urn: "urn:pulumi:dev::shop::some$type::web" }],
  ])("is not taken for that of a restore %s", (_what, other) => {
    expect(isKeptFor({ ...owner, ...other }, keptName(owner, now))).toBe(false);
  });
});
