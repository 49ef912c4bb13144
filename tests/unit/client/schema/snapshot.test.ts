import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { snapshot, snapshotList } from "../../../../client/snapshots";
import { snapshotStatus } from "../../../../client/status";
import { deploySnapshot, nonsense, shuffled, wireSnapshot } from "./answers";

describe("a snapshot", () => {
  it("of a server's own list", () => {
    expect(v.parse(snapshot, wireSnapshot("77", { note: "before upgrade" }))).toStrictEqual({
      id: "77",
      name: "snap-77",
      sizeGb: 50,
      note: "before upgrade",
      createdAt: "2026-01-02T03:04:05",
    });
  });

  it("of /cloud/getdeploy", () => {
    expect(v.parse(snapshot, deploySnapshot(77, 1001))).toStrictEqual({
      id: "77",
      cloudId: "1001",
      name: "snap-77",
      sizeGb: 50,
      status: snapshotStatus("Active"),
      storage: "general",
      image: "ubuntu-22.04",
      createdAt: "2026-01-02T03:04:05",
    });
  });

  it.each<[string, unknown, Record<string, unknown>]>([
    ["nothing but an id", { id: 5 }, { id: "5", name: "" }],
    ["null everywhere else", { id: "5", name: null, size: null, cloudid: null }, { id: "5", name: "" }],
    ["a name that is a number", { id: "5", name: 2026 }, { id: "5", name: "2026" }],
    ["a name with blanks around it", { id: "5", name: " a " }, { id: "5", name: " a " }],
    ["no server", { id: "5", name: "a", cloudid: "0" }, { id: "5", name: "a" }],
    [
      "an unreadable size and date",
      { id: "5", name: "a", size: "big", createdate: "now" },
      { id: "5", name: "a" },
    ],
  ])("with %s", (_what, wire, expected) => {
    expect(v.parse(snapshot, wire)).toStrictEqual(expected);
  });

  it("is the same whatever the order of its keys", () => {
    const wire = deploySnapshot(77, 1001);
    fc.assert(
      fc.property(shuffled(wire), (other) => {
        expect(v.parse(snapshot, other)).toStrictEqual(v.parse(snapshot, wire));
      }),
    );
  });

  it("with an id can be read whatever else is wrong with it", () => {
    const keys = [
      "cloudid",
      "name",
      "size",
      "status",
      "storage",
      "image",
      "note",
      "created_at",
      "createdate",
      "x",
    ];
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.dictionary(fc.constantFrom(...keys), nonsense), (id, rest) => {
        expect(v.parse(snapshot, { ...rest, id }).id).toBe(String(id));
      }),
    );
  });
});

describe("a list of snapshots", () => {
  it.each<[string, unknown, string[]]>([
    ["a list", [wireSnapshot(1), wireSnapshot("2")], ["1", "2"]],
    ["an empty list", [], []],
    ["what PHP makes of a list with gaps", { 0: wireSnapshot(1), 7: wireSnapshot(2) }, ["1", "2"]],
  ])("may be %s", (_what, wire, ids) => {
    expect(v.parse(snapshotList, wire).map((one) => one.id)).toEqual(ids);
  });

  it.each<[string, unknown]>([
    ["null among them", [wireSnapshot(1), null]],
    ["one without an id", [wireSnapshot(1), { name: "x" }]],
    ["one whose id is empty", [wireSnapshot(""), wireSnapshot(1)]],
    ["one whose id is null", [wireSnapshot(1, { id: null })]],
    ["one whose id was rounded", [{ id: 2 ** 53, name: "x" }]],
    ["text", ["1"]],
    ["a list inside", [[wireSnapshot(1)]]],
    ["one bad item in an object", { 0: wireSnapshot(1), 1: null }],
  ])("with %s is refused as a whole", (_what, wire) => {
    expect(v.safeParse(snapshotList, wire).success).toBe(false);
  });

  it.each<[unknown]>([["none"], [0], [false], [{ list: [] }], [wireSnapshot(1)]])("is not %j", (wire) => {
    expect(v.safeParse(snapshotList, wire).success).toBe(false);
  });

  it("loses no item, and is refused when one is bad", () => {
    const item = fc.oneof(
      { weight: 9, arbitrary: fc.maxSafeNat().map((id) => wireSnapshot(id)) },
      { weight: 1, arbitrary: nonsense.filter((value) => !JSON.stringify(value).includes('"id"')) },
    );
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const bad = items.some((one) => typeof one !== "object" || one === null || !("id" in one));
        const result = v.safeParse(snapshotList, items);
        expect(result.success).toBe(!bad);
        if (result.success) expect(result.output).toHaveLength(items.length);
      }),
    );
  });
});
