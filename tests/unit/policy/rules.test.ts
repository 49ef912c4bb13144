import { describe, expect, it } from "vitest";
import { type UthoPolicyOptions, uthoPolicies } from "../../../policy";
import { RULE_NAMES, type RuleName } from "../../../policy/options";
import { reachOf } from "../../../policy/retention";
import { type Declared, violationsOf } from "./violations";

/** Resources that one rule finds fault with, by name, each with what it says. */
async function broken(
  rule: RuleName,
  options: UthoPolicyOptions,
  ...resources: Declared[]
): Promise<string[]> {
  const found = await violationsOf(uthoPolicies(options), resources);
  return found.filter((line) => line.startsWith(`${rule} `)).map((line) => line.slice(rule.length + 1));
}

const snapshot = (name: string, props: Record<string, unknown> = {}): Declared => ({
  kind: "Snapshot",
  name,
  props,
});
const rotation = (name: string, props: Record<string, unknown> = {}): Declared => ({
  kind: "SnapshotRotation",
  name,
  props: { cloudIds: ["1001"], every: "24h", keep: { daily: 7 }, ...props },
});
const clone = (name: string, props: Record<string, unknown> = {}, protect = true): Declared => ({
  kind: "ServerClone",
  name,
  props,
  protect,
});
const restore = (name: string, props: Record<string, unknown> = {}): Declared => ({
  kind: "SnapshotRestore",
  name,
  props: { snapshot: "1001/5001", ...props },
});

/** Properties of a preview: reading what is not known yet throws, as Pulumi's own proxy does. */
function unknownProps(...keys: string[]): Record<string, unknown> {
  const props = {};
  for (const key of keys) {
    Object.defineProperty(props, key, {
      enumerable: true,
      get: () => {
        throw new Error(`${key} is not known yet`);
      },
    });
  }
  return props;
}

describe("utho-server-is-covered", () => {
  const rule = "utho-server-is-covered";

  it("finds named, restored and cloned servers without a snapshot or rotation", async () => {
    const options = { servers: ["1001", "1002", "1003"] };
    const covered = [snapshot("web", { cloudId: "1001" }), rotation("nightly", { cloudIds: ["1002"] })];
    const found = await broken(rule, options, ...covered, clone("copy", { cloudId: "1009" }));
    expect(found).toEqual([
      expect.stringMatching(/^stack: Server 1003 has neither a Snapshot nor a SnapshotRotation/),
      expect.stringMatching(/^copy: The server of ServerClone "copy" has neither/),
    ]);
    const back = await broken(rule, {}, restore("undo", { snapshot: "1004/5001" }));
    expect(back).toEqual([
      expect.stringMatching(/^stack: Server 1004, which SnapshotRestore "undo" puts back,/),
    ]);
    expect(
      await broken(rule, { servers: ["1004"] }, restore("undo", { snapshot: "1004/5001" })),
    ).toHaveLength(1);
  });

  it("is content with a snapshot of the clone, by its id, and in a preview by what it depends on", async () => {
    const known = [clone("copy", { cloudId: "1009" }), snapshot("of-copy", { cloudId: "1009" })];
    expect(await broken(rule, {}, ...known)).toEqual([]);
    const coming = clone("copy", unknownProps("cloudId"));
    const dependent: Declared = {
      kind: "Snapshot",
      name: "of-copy",
      props: unknownProps("cloudId"),
      cloudIdFrom: ["copy"],
    };
    expect(await broken(rule, {}, coming, dependent)).toEqual([]);
    expect(await broken(rule, {}, coming, { ...dependent, cloudIdFrom: [] })).toHaveLength(1);
  });

  it("does not count a rotation that is paused, and lets disposable clones be", async () => {
    const options = { servers: ["1001"], disposable: /^staging-/ };
    const paused = rotation("nightly", { paused: true });
    expect(await broken(rule, options, paused, clone("staging-42"))).toEqual([
      expect.stringMatching(/^stack: Server 1001 /),
    ]);
  });
});

describe("utho-retention-reaches", () => {
  const rule = "utho-retention-reaches";

  it("judges each rotation by how far it reaches back", async () => {
    const weekly = rotation("weekly", { every: "7d", keep: { last: 2 } });
    const short = rotation("short", { keep: { last: 3, hourly: 24 } });
    expect(await broken(rule, {}, rotation("daily"), weekly, short)).toEqual([
      "short: keep reaches 3 days back, and 7 are asked for: keep more, for example { daily: 7 }.",
    ]);
    expect(await broken(rule, { retentionDays: 14 }, rotation("daily"), weekly)).toHaveLength(1);
  });

  it.each([
    [{ daily: 7, weekly: 4, monthly: 12 }, 336],
    [{ yearly: 2 }, 730],
    [{ last: 5 }, 2.5],
    [{ daily: -1 }, Number.POSITIVE_INFINITY],
    [{ within: "1m3d12h" }, 31.5],
    [{ hourly: 12 }, 0.5],
    [{}, 0],
  ])("%j reaches %d days back when one is taken every half day", (keep, days) => {
    expect(reachOf(keep, 0.5)).toBe(days);
  });
});

describe("utho-restore-keeps-safety-snapshot", () => {
  it("refuses a restore without one, whatever it acknowledges", async () => {
    const lossy = restore("lossy", { safetySnapshot: false, acknowledgeDataLoss: true });
    const found = await broken("utho-restore-keeps-safety-snapshot", {}, restore("undo"), lossy);
    expect(found).toEqual([expect.stringMatching(/^lossy: safetySnapshot is false/)]);
  });
});

describe("utho-snapshot-names-owner", () => {
  const rule = "utho-snapshot-names-owner";
  const options = { owner: /^prod-shop-/ };

  it("judges given and generated names, prefixes, and the safety snapshots of restores", async () => {
    const good = [
      snapshot("shop-web"),
      snapshot("web", { name: "prod-shop-golden" }),
      rotation("shop-nightly"),
      rotation("nightly", { namePrefix: "prod-shop-nightly", ownPrefix: "prod-nightly" }),
      restore("shop-undo"),
      restore("undo", { safetySnapshot: false }),
      snapshot("adopted", { adoptId: "5001" }),
      clone("copy"),
    ];
    expect(await broken(rule, options, ...good)).toEqual([]);
    const bad = [snapshot("web"), snapshot("shop", { name: "golden" }), rotation("nightly"), restore("undo")];
    expect(await broken(rule, options, ...bad)).toEqual([
      expect.stringMatching(/^web: the name "prod-web-" does not match/),
      expect.stringMatching(/^shop: the name "golden" does not match/),
      expect.stringMatching(/^nightly: the name "prod-nightly-" does not match/),
      expect.stringMatching(/^undo: the name "prod-undo-before-" does not match/),
    ]);
  });

  it("is not there when no pattern for owners is given", () => {
    expect(uthoPolicies().map(({ name }) => name)).not.toContain(rule);
  });
});

describe("utho-removal-keeps-data", () => {
  it("advises to protect what would be lost with its resource", async () => {
    const risky = [
      clone("copy", {}, false),
      rotation("nightly", { onRemove: "delete" }),
      snapshot("golden", { adoptId: "5001" }),
    ];
    const safe = [clone("copy-2"), clone("staging-1", {}, false), rotation("kept"), snapshot("web")];
    const options = { disposable: /^staging-/ };
    const found = await broken("utho-removal-keeps-data", options, ...risky, ...safe);
    expect(found.map((line) => line.split(":")[0])).toEqual(["copy", "nightly", "golden"]);
    const guarded = risky.map((one) => ({ ...one, protect: true }));
    expect(await broken("utho-removal-keeps-data", options, ...guarded)).toEqual([]);
  });
});

describe("uthoPolicies", () => {
  it("has every rule, mandatory unless it only advises, and as the pack says", () => {
    const all = uthoPolicies({ owner: /x/ });
    expect(all.map(({ name }) => name).sort()).toEqual([...RULE_NAMES].sort());
    const levels = (options: UthoPolicyOptions) =>
      uthoPolicies(options).map(({ name, enforcementLevel }) => `${name} ${enforcementLevel}`);
    expect(levels({}).filter((line) => !line.endsWith(" mandatory"))).toEqual([
      "utho-removal-keeps-data advisory",
    ]);
    const changed = { "utho-retention-reaches": "advisory", "utho-removal-keeps-data": "disabled" } as const;
    expect(levels({ enforcement: changed })).toEqual(
      expect.arrayContaining(["utho-retention-reaches advisory", "utho-removal-keeps-data disabled"]),
    );
  });

  it.each<[string, object]>([
    ["retentionDays is 0", { retentionDays: 0 }],
    ["retentionDays is NaN", { retentionDays: Number.NaN }],
    ['servers has "web-1"', { servers: ["1001", "web-1"] }],
    ["owner must be a regular expression", { owner: "prod" }],
    ["owner must be a regular expression without the flags g and y", { owner: /prod/g }],
    ["disposable must be", { disposable: /^staging/y }],
    ['enforcement names "utho-retention"', { enforcement: { "utho-retention": "mandatory" } }],
  ])("refuses its options when %s", (words, options) => {
    expect(() => uthoPolicies(options)).toThrow(/^UTHO_POLICY_OPTION: /);
    expect(() => uthoPolicies(options)).toThrow(words);
  });
});
