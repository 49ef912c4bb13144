import { describe, expect, it } from "vitest";
import type { RawInputs } from "../../../provider/engine/inputs";
import { digestTriggers, UNKNOWN } from "../../../provider/engine/values";
import { asSnapshotInputs, asSnapshotState, type SnapshotInputs } from "../../../provider/snapshot/contract";
import { diffSnapshot } from "../../../provider/snapshot/diff";

const ID = "1001/9001";

const inputs: SnapshotInputs = { cloudId: "1001", name: "golden", triggers: ["v1"] };

const state = asSnapshotState({
  cloudId: "1001",
  snapshotId: "9001",
  name: "golden",
  status: "Active",
  sizeGb: 50,
  recorded: { name: "golden", sizeGb: 50 },
  triggersDigest: digestTriggers(["v1"]),
});

const SAME = { changes: false, replaces: [] };
const CHANGED = { changes: true, replaces: [] };
const replacedBy = (...replaces: string[]): object => ({ changes: true, replaces });

describe("diff of a Snapshot", () => {
  it.each<[string, RawInputs, RawInputs, object]>([
    ["nothing changed", {}, {}, SAME],
    ["another server", {}, { cloudId: "1002" }, replacedBy("cloudId")],
    ["another server, not known yet", {}, { cloudId: UNKNOWN }, replacedBy("cloudId")],
    ["another name in the program", {}, { name: "silver" }, replacedBy("name")],
    ["other triggers", {}, { triggers: ["v2"] }, replacedBy("triggers")],
    ["no triggers any more", {}, { triggers: undefined }, replacedBy("triggers")],
    [
      "the same triggers in another key order",
      { triggersDigest: digestTriggers({ a: 1, b: 2 }) },
      { triggers: { b: 2, a: 1 } },
      SAME,
    ],
    ["renamed outside", { name: "theirs" }, {}, CHANGED],
    [
      "renamed outside, and the program follows",
      { name: "theirs", recorded: { name: "theirs", sizeGb: 50 } },
      { name: "theirs" },
      SAME,
    ],
    [
      "renamed outside, accepted, program as before",
      { name: "theirs", recorded: { name: "theirs", sizeGb: 50 }, declaredName: "golden" },
      {},
      SAME,
    ],
    [
      "taken over under an older name",
      { name: "older", recorded: { name: "older", sizeGb: 50 }, declaredName: "golden" },
      {},
      SAME,
    ],
    [
      "taken over, then named otherwise by the program",
      { name: "older", declaredName: "golden" },
      { name: "new" },
      replacedBy("name"),
    ],
    ["adopted without a name", { name: "theirs", recorded: { name: "theirs" } }, { name: undefined }, SAME],
    ["failed after it was Active", { status: "Error" }, {}, CHANGED],
    ["failed before it was ever Active", { status: "Failed", recorded: undefined }, {}, replacedBy("status")],
    ["never Active so far", { status: "Pending", recorded: undefined }, {}, CHANGED],
    [
      "never Active so far, and not waited for",
      { status: "Pending", recorded: undefined },
      { waitForReady: false },
      SAME,
    ],
    ["no status shown", { status: "Unknown" }, {}, SAME],
    ["another size", { sizeGb: 51 }, {}, CHANGED],
    ["no size shown", { sizeGb: undefined }, {}, SAME],
    ["other timeouts", {}, { timeouts: { create: "2h" } }, SAME],
    ["another hidden URN", {}, { resourceUrn: "urn:other" }, SAME],
    ["powerOff switched", {}, { powerOff: true }, SAME],
  ])("%s", (_what, olds, news, expected) => {
    const before = asSnapshotState({ ...state, ...olds });
    expect(diffSnapshot(ID, before, asSnapshotInputs({ ...inputs, ...news }))).toEqual(expected);
  });

  it("refuses to point an existing resource at another snapshot", () => {
    expect(() => diffSnapshot(ID, state, { ...inputs, adoptId: "9002" })).toThrow(/UTHO_INPUT_ADOPT_ID/);
    expect(diffSnapshot(ID, state, { ...inputs, adoptId: "9001" })).toEqual(SAME);
    expect(diffSnapshot(ID, { ...state, adoptId: "9000" }, { ...inputs, adoptId: "9000" })).toEqual(SAME);
    expect(diffSnapshot(ID, state, { ...inputs, adoptId: UNKNOWN })).toEqual(SAME);
  });
});
