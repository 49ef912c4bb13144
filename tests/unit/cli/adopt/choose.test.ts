import { describe, expect, it } from "vitest";
import { withResources } from "../../../../cli/adopt/changed-state";
import { choose, type Wanted } from "../../../../cli/adopt/choose";
import { logicalNames } from "../../../../cli/adopt/logical-names";
import { Ownership } from "../../../../cli/stack/ownership";
import { parseState, type StackState } from "../../../../cli/stack/state";
import type { Snapshot } from "../../../../client";
import { snapshotStatus } from "../../../../client/status";

const OURS = "pulumi-nodejs:dynamic/utho:";

function snapshot(id: string, more: Partial<Snapshot> = {}): Snapshot {
  return { id, cloudId: "1001", name: `name of ${id}`, status: snapshotStatus("Active"), ...more };
}

function deployment(stack: string, resources: [type: string, name: string, more: object][]): StackState {
  const listed = resources.map(([type, name, more]) => ({
    urn: `urn:pulumi:${stack}::shop::${OURS}${type}::${name}`,
    type: OURS + type,
    ...more,
  }));
  return parseState(JSON.stringify({ version: 3, deployment: { resources: listed } }), stack);
}

const here = deployment("dev", [
  ["Snapshot", "own", { id: "1001/1" }],
  ["Snapshot", "to-be-deleted", { id: "1001/2", delete: true }],
  ["Snapshot", "looked-at", { id: "1001/3", external: true }],
  [
    "SnapshotRestore",
    "back",
    { id: "x", inputs: { snapshotId: "1001/4" }, outputs: { safetySnapshotId: "1001/5" } },
  ],
  ["ServerClone", "copy", { id: "1002", inputs: { snapshotId: "1001/6" }, outputs: {} }],
  [
    "SnapshotRotation",
    "nightly",
    {
      id: "y",
      inputs: { mark: "abc123", ownPrefix: "dev-nightly" },
      outputs: { snapshots: [{ id: "1001/7" }] },
    },
  ],
]);
const elsewhere = deployment("prod", [["Snapshot", "theirs", { id: "1001/8" }]]);

function chosen(snapshots: Snapshot[], wanted: Partial<Wanted> = {}) {
  const all: Wanted = { ids: [], cloudIds: [], nameRegex: undefined, ...wanted };
  const owners = { here: new Ownership([here]), elsewhere: new Ownership([elsewhere]) };
  const { chosen: taken, left } = choose(snapshots, all, owners);
  return { taken: taken.map(({ id }) => id), left: Object.fromEntries(left.map(({ id, why }) => [id, why])) };
}

it("looks at each snapshot a few times, however many are asked for by id", () => {
  let reads = 0;
  const ids = Array.from({ length: 3_000 }, (_, index) => String(5_000 + index));
  const counted = ids.map((id) => ({
    ...snapshot(id),
    get id() {
      reads += 1;
      return id;
    },
  }));
  expect(chosen(counted, { ids }).taken).toEqual(ids);
  expect(reads).toBeLessThan(60 * ids.length);
});

describe("what is adopted", () => {
  it("is what no resource owns; a source of a restore or a clone is owned by none", () => {
    const { taken, left } = chosen(["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((id) => snapshot(id)));
    expect(taken).toEqual(["3", "4", "6", "9"]);
    expect(left).toEqual({
      "1001/1": "already managed by own of this stack",
      "1001/2": "already managed by to-be-deleted of this stack",
      "1001/5": "already managed by back of this stack",
      "1001/7": "already managed by nightly of this stack",
      "1001/8": "already managed by theirs of stack prod",
    });
  });

  it("is never a snapshot that is not Active, named by its id or not", () => {
    const bad: Snapshot[] = [
      snapshot("20", { status: snapshotStatus("Pending") }),
      snapshot("21", { status: snapshotStatus("Error") }),
      { id: "22", cloudId: "1001", name: "without a status" },
      { id: "23", status: snapshotStatus("Active"), name: "without a server" },
    ];
    expect(chosen(bad).taken).toEqual([]);
    expect(chosen(bad, { ids: ["20", "1001/21", "22", "23"] })).toEqual({
      taken: ["22"],
      left: {
        "1001/20": 'its status is "Pending", not Active',
        "1001/21": 'its status is "Error": it holds no usable data',
        "?/23": "no listing shows its server",
      },
    });
  });

  it("is a snapshot of a generated name only when it is named, and never a rotation's", () => {
    const generated = snapshot("30", { name: "prod-web-20261122T212051Z-a1b2c3" });
    const rotated = snapshot("31", { name: "dev-nightly-20261122T212051Z-abc123" });
    expect(chosen([generated, rotated]).taken).toEqual([]);
    expect(chosen([generated, rotated], { ids: ["30", "31"] })).toEqual({
      taken: ["30"],
      left: { "1001/31": "already managed by nightly of this stack" },
    });
  });

  it("is what the filters leave, and an id that is not listed is reported", () => {
    const some = [snapshot("40"), snapshot("41", { cloudId: "1002" }), snapshot("42", { name: "x" })];
    expect(chosen(some, { cloudIds: ["1002"] }).taken).toEqual(["41"]);
    expect(chosen(some, { nameRegex: /^x$/u }).taken).toEqual(["42"]);
    expect(chosen(some, { ids: ["1001/41"] }).left).toEqual({ "1001/41": "Utho lists no such snapshot" });
  });
});

describe("logical names", () => {
  it("are words, unique among themselves and in the stack", () => {
    const named = (id: string, name: string) => ({ id, cloudId: "1001", name });
    const snapshots = [
      named("1", "Before the upgrade (v2)"),
      named("2", "golden"),
      named("3", "golden "),
      named("4", "taken"),
      named("5", "日本"),
      named("6", "zażółć"),
      named("7", "clash"),
    ];
    const taken = new Set(["taken", "clash", "clash-7"]);
    expect(logicalNames(snapshots, taken)).toEqual([
      "before-the-upgrade-v2",
      "golden-2",
      "golden-3",
      "taken-4",
      "snapshot",
      "zazo-c",
      undefined,
    ]);
  });
});

describe("a changed state", () => {
  const added = [{ urn: "urn:a", type: "t" }];

  it.each([
    [
      "a list",
      '{"version":3,"deployment":{"x":12345678901234567890,"resources":[{"urn":"urn:b","type":"u","inputs":{"n":1.0,"s":"\\u003c"}}]}}',
    ],
    ["an empty list", '{"version": 3, "deployment": {"resources": [ ], "metadata": {}}}'],
    ["no list", '{"version":3,"deployment":{"metadata":{}}}'],
    ["nothing at all", '{"version":3,"deployment":{}}'],
    ["null for a list", '{"version":3,"deployment":{"resources":null}}'],
  ])("is the same text and the resources: %s", (_what, text) => {
    const changed = withResources({ text, origin: "a test" }, added);
    const before: { deployment: { resources?: object[] } } = JSON.parse(text);
    const after: { deployment: { resources: object[] } } = JSON.parse(changed);
    expect(after.deployment.resources).toEqual([...(before.deployment.resources ?? []), ...added]);
    let head = 0;
    while (head < text.length && text[head] === changed[head]) head += 1;
    let tail = 0;
    while (tail < text.length - head && text.at(-1 - tail) === changed.at(-1 - tail)) tail += 1;
    // What is left is the space at the place of the insertion.
    expect(text.slice(head, text.length - tail).trim()).toBe("");
  });

  it("is refused when the export holds no deployment", () => {
    const text = '{"version":3,"deployment":null}';
    expect(() => withResources({ text, origin: "stack dev" }, added)).toThrow("it holds no deployment");
  });
});
