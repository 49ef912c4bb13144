import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../provider/engine/values";
import { checkRotation } from "../../../../provider/rotation/check";
import { asRotationInputs } from "../../../../provider/rotation/contract";
import { memberTime, rotationName } from "../../../../provider/rotation/members";
import { parseEvery, sameSettings } from "../../../../provider/rotation/settings";
import { generateName } from "../../../../provider/utho/names";

const urnOf = (name: string, type = "SnapshotRotation"): string =>
  `urn:pulumi:prod::shop::pulumi-nodejs:dynamic/utho:${type}::${name}`;
const good = { cloudId: "1001", every: "24h", keep: { daily: 7 }, resourceUrn: urnOf("nightly") };

const reasonsFor = (changes: Record<string, unknown>): string[] =>
  checkRotation({}, { ...good, ...changes }).failures.map(({ property, reason }) => `${property}: ${reason}`);

describe("check of a SnapshotRotation", () => {
  it("lets good inputs pass and fills nothing in but what names are made of", () => {
    const { inputs, failures } = checkRotation({}, { ...good, timeZone: null });
    expect(failures).toEqual([]);
    expect(inputs).toEqual({
      ...good,
      mark: expect.stringMatching(/^[0-9a-f]{6}$/),
      ownPrefix: "prod-nightly",
    });
  });

  it.each([
    { cloudId: undefined },
    { cloudIds: ["1002"] },
    { cloudId: undefined, cloudIds: [] },
    { cloudId: undefined, cloudIds: "1001" },
    { every: undefined },
    { every: "" },
    { every: "0" },
    { every: "0h" },
    { every: "-24h" },
    { every: "24" },
    { every: 24 },
    { every: "a day" },
    { at: "2:00" },
    { at: "24:00" },
    { at: 2 },
    { at: ["02:00"] },
    { at: "02:00", between: ["01:00", "05:00"] },
    { at: "02:00", every: "12h" },
    { between: ["01:00", "05:00"], every: "36h" },
    { between: "01:00-05:00" },
    { between: [] },
    { between: ["01:00"] },
    { between: ["01:00", "03:00", "05:00"] },
    { between: ["01:00", "01:00"] },
    { between: ["24:00", "05:00"] },
    { between: ["01:00", 5] },
    { keep: undefined },
    { keep: {} },
    { keep: [] },
    { keep: 7 },
    { keep: { last: 0 } },
    { keep: { daily: 0, weekly: 0 } },
    { keep: { daily: -2 } },
    { keep: { daily: 1.5 } },
    { keep: { daily: "7" } },
    { keep: { dayly: 7, weekly: 4 } },
    { keep: { within: "14 days" } },
    { keep: { within: "0d" } },
    { keep: { within: 14 } },
    { keep: { withinDaily: "-3d" } },
    { timeZone: "Kolkata" },
    { timeZone: "" },
    { timeZone: 5.5 },
    { minKeep: 0 },
    { minKeep: -1 },
    { minKeep: 1.5 },
    { minKeep: "1" },
    { namePrefix: "" },
    { namePrefix: "   " },
    { namePrefix: "x".repeat(81) },
    { namePrefix: "two words" },
    { namePrefix: "-dash" },
    { namePrefix: "a/b" },
    { namePrefix: 7 },
    { onRemove: "destroy" },
  ])("refuses %j", (changes) => {
    const reasons = reasonsFor(changes);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toMatch(/: UTHO_ROTATION_INPUT: .*docs\/errors\.md#/);
  });

  it.each([{ cloudId: "web-1" }, { cloudId: "" }, { cloudId: undefined, cloudIds: ["1001", "web-1"] }])(
    "refuses the server of %j",
    (changes) => expect(reasonsFor(changes).join()).toContain("UTHO_INPUT_CLOUD_ID"),
  );

  const SEE = "See docs/errors.md#utho_rotation_input";

  it.each([
    {
      what: "an empty keep",
      changes: { keep: {} },
      says: "keep: UTHO_ROTATION_INPUT: this keep would keep nothing; say what is kept, such as { daily: 7, weekly: 4, monthly: 12 }",
    },
    {
      what: "a keep of zeros",
      changes: { keep: { last: 0, monthly: 0 } },
      says: "keep: UTHO_ROTATION_INPUT: this keep would keep nothing; say what is kept, such as { daily: 7, weekly: 4, monthly: 12 }",
    },
    {
      what: "a minKeep under 1",
      changes: { minKeep: 0 },
      says: "minKeep: UTHO_ROTATION_INPUT: minKeep is 0; wanted a whole number of 1 or more: a rotation never deletes the last good snapshot",
    },
    ...[
      ["2am", "02:00"],
      ["2:30 p.m.", "14:30"],
      ["12am", "00:00"],
      ["02:00:00", "02:00"],
      [2, "02:00"],
      ["02h15", "02:15"],
    ].map(([at, meant]) => ({
      what: `a time written as ${at}`,
      changes: { at },
      says: `at: UTHO_ROTATION_INPUT: at is ${JSON.stringify(at)}; write "${meant}"`,
    })),
    {
      what: "an invalid time",
      changes: { between: ["01:00", "25:00"] },
      says: 'between: UTHO_ROTATION_INPUT: between has "25:00"; wanted a time of day, such as "02:00"',
    },
    {
      what: "half a day with a time of day",
      changes: { at: "02:00", every: "12h" },
      says: 'at: UTHO_ROTATION_INPUT: every is "12h", and at names a time of day: with it, every is one or more whole days, such as "24h" or "7d"',
    },
    {
      what: "a zone of another planet",
      changes: { timeZone: "Mars/Olympus" },
      says: 'timeZone: UTHO_ROTATION_INPUT: "Mars/Olympus" is no time zone; give an IANA name, such as "Asia/Kolkata" or "UTC"',
    },
    {
      what: "a zone in POSIX's own writing",
      changes: { timeZone: "IST-5:30" },
      says: 'timeZone: UTHO_ROTATION_INPUT: "IST-5:30" is no time zone; give an IANA name, such as "Asia/Kolkata" or "UTC"',
    },
    {
      what: "a list of servers that is empty",
      changes: { cloudId: undefined, cloudIds: [] },
      says: "cloudIds: UTHO_ROTATION_INPUT: cloudIds is empty; a look-up that found no server would otherwise silently end the backups",
    },
    {
      what: "a duration in words",
      changes: { every: "daily" },
      says: 'every: UTHO_ROTATION_INPUT: every is "daily"; wanted a duration above 0, such as "24h", "7d" or "1h30m"',
    },
  ])("says for $what only what is wrong and what is wanted", ({ changes, says }) => {
    expect(reasonsFor(changes)).toEqual([`${says}. ${SEE}`]);
  });

  it("names the key that it refuses, and lists the valid ones", () => {
    expect(reasonsFor({ keep: { dayly: 7, weekly: 4 } })).toEqual([
      expect.stringMatching(/^keep\.dayly: .*keep knows no "dayly"; it knows last, hourly, daily/),
    ]);
    expect(reasonsFor({ powerOff: "yes", paused: 1 }).join()).toMatch(/powerOff: UTHO_INPUT_TYPE.*paused/);
    expect(reasonsFor({ timeouts: { create: "soon" } }).join()).toContain("UTHO_INPUT_TIMEOUT");
  });

  it("takes ids as numbers, each once, in an order of its own", () => {
    const { inputs } = checkRotation(
      {},
      { ...good, cloudId: undefined, cloudIds: ["1002", 999, "1002", " 1001 "] },
    );
    expect(inputs.cloudIds).toEqual(["999", "1001", "1002"]);
  });

  it.each([
    { cloudId: UNKNOWN },
    { cloudId: undefined, cloudIds: UNKNOWN },
    { cloudId: undefined, cloudIds: ["1001", UNKNOWN] },
    { every: UNKNOWN, keep: UNKNOWN, timeZone: UNKNOWN, minKeep: UNKNOWN, namePrefix: UNKNOWN },
    { powerOff: UNKNOWN, paused: UNKNOWN, onRemove: UNKNOWN },
    { keep: { daily: UNKNOWN } },
    { keep: { within: UNKNOWN } },
    { at: UNKNOWN },
    { between: UNKNOWN },
    { between: ["22:00", UNKNOWN] },
    { every: UNKNOWN, at: "02:00" },
    { between: ["22:00", "24:00"] },
    { between: ["22:00", "04:00"], every: "7d" },
  ])("lets pass windows, and what a preview does not know yet: %j", (changes) =>
    expect(reasonsFor(changes)).toEqual([]),
  );

  it("keeps mark and prefix when the resource is renamed by an alias", () => {
    const { inputs } = checkRotation({}, good);
    const renamed = checkRotation(inputs, { ...good, resourceUrn: urnOf("backups") });
    expect(renamed.inputs).toMatchObject({ mark: inputs.mark, ownPrefix: "prod-nightly" });
    expect(checkRotation({}, { ...good, resourceUrn: urnOf("backups") }).inputs.mark).not.toBe(inputs.mark);
  });
});

describe("every", () => {
  it.each([
    ["24h", 86_400_000],
    ["7d", 604_800_000],
    ["1w", 604_800_000],
    ["1d12h", 129_600_000],
    ["1.5h", 5_400_000],
    [" 90s ", 90_000],
    ["500ms", 500],
  ])("%s is %i ms", (text, ms) => expect(parseEvery(text)).toBe(ms));

  it.each(["", "0", "0d", "24", "d", "7 d", "1y", "5 minuts", "1e9d", `${"9".repeat(30)}d`])(
    "%j is refused",
    (text) => expect(parseEvery(text)).toBeUndefined(),
  );
});

describe("names of a rotation", () => {
  const mark = "a1b2c3";
  const at = Date.parse("2026-11-22T21:20:51Z");

  it("contain the time, and are recognised by mark and prefix together", () => {
    const name = rotationName("prod-nightly", mark, at + 987);
    expect(name).toBe("prod-nightly-a1b2c3-20261122t212051z");
    expect(memberTime(name, { mark, prefixes: ["old", "prod-nightly"] })).toBe(at);
    expect(memberTime(name, { mark, prefixes: ["prod", "prod-nightly-x"] })).toBeUndefined();
    expect(memberTime(name, { mark: "a1b2c4", prefixes: ["prod-nightly"] })).toBeUndefined();
  });

  it.each([
    "prod-nightly",
    "prod-nightly-20261122T212051Z",
    "prod-nightly-20261122t212051z",
    "prod-nightly-a1b2c3-20261122t212051z-copy",
    "prod-nightly-a1b2c3-20261199t212051z",
    "prod-nightly-20261122T212051Z-a1b2c3 copy",
    "before prod-nightly-20261122T212051Z-a1b2c3",
    "prod-nightly-20261199T212051Z-a1b2c3",
    "prod-nightly-20261122T212051Z-A1B2C3",
  ])("are not %s", (name) => expect(memberTime(name, { mark, prefixes: ["prod-nightly"] })).toBeUndefined());

  it("are never those that a Snapshot of the same logical name generates", () => {
    const { inputs } = checkRotation({}, good);
    const name = generateName(urnOf("nightly", "Snapshot"), at);
    expect(name).toMatch(/^prod-nightly-/);
    expect(memberTime(name, { mark: String(inputs.mark), prefixes: ["prod-nightly"] })).toBeUndefined();
  });
});

describe("settings of a rotation", () => {
  const settings = asRotationInputs(good);

  it("have the documented defaults", () => {
    expect(settings).toMatchObject({
      timeZone: "UTC",
      minKeep: 1,
      powerOff: false,
      paused: false,
      onRemove: "keep",
    });
  });

  it("are the same whatever the order of servers and rules, and whether a default is written", () => {
    const several = { ...good, cloudId: undefined, cloudIds: ["1002", "1001"], keep: { daily: 7, last: 1 } };
    const same = {
      ...several,
      cloudIds: ["1001", "1002", "1001"],
      keep: { last: 1, daily: 7 },
      timeZone: "UTC",
    };
    expect(sameSettings(asRotationInputs(several), asRotationInputs(same))).toBe(true);
    for (const change of [
      { keep: { last: 2, daily: 7 } },
      { paused: true },
      { every: "12h" },
      { namePrefix: "x" },
    ]) {
      expect(sameSettings(asRotationInputs(several), asRotationInputs({ ...same, ...change }))).toBe(false);
    }
  });
});
