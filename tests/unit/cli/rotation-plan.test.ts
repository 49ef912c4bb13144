import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../../cli/program";
import { generateName, parseGeneratedName } from "../../../provider/utho/names";
import { defaultSettings, type Simulator, startSimulator } from "../../../simulator";
import { session } from "../../support/terminal";

const NOW = "2026-11-24T02:00:00Z";
const URN = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/utho:SnapshotRotation::nightly";
const OTHER = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/utho:SnapshotRotation::weekly";

function nameOf(time: string, urn = URN): string {
  return generateName(urn, Date.parse(time));
}

/** The cloud's own time of it; of another name any time will do. */
function timeIn(name: string): string {
  return new Date(parseGeneratedName(name)?.takenAt ?? Date.parse(NOW)).toISOString();
}

const MARK = parseGeneratedName(nameOf(NOW))?.mark ?? "";
const PREFIX = "prod-nightly";

/** Four nights of one server, two of another, and snapshots that do not belong to the rotation. */
const snapshots = [
  { cloudId: "1001", name: nameOf("2026-11-23T02:00:00Z") },
  { cloudId: "1001", name: nameOf("2026-11-22T02:00:00Z") },
  { cloudId: "1001", name: nameOf("2026-11-21T02:00:00Z") },
  { cloudId: "1001", name: nameOf("2026-11-20T02:00:00Z") },
  { cloudId: "1001", name: nameOf("2026-10-01T02:00:00Z", OTHER) },
  { cloudId: "1001", name: "before the upgrade" },
  { cloudId: "1002", name: nameOf("2026-11-24T01:00:00Z") },
  { cloudId: "1002", name: nameOf("2026-11-22T20:00:00Z"), status: "Error" },
].map((one) => ({ createdAt: timeIn(one.name), ...one }));

const outputs = {
  cloudIds: ["1001", "1002"],
  every: "24h",
  keep: { daily: 2 },
  timeZone: "UTC",
  minKeep: 1,
  paused: false,
  mark: MARK,
  ownPrefix: PREFIX,
  prefixes: [PREFIX],
};

function stateWith(changes: Record<string, unknown>, resource: Record<string, unknown> = {}): unknown {
  const rotation = {
    urn: URN,
    type: "pulumi-nodejs:dynamic/utho:SnapshotRotation",
    custom: true,
    outputs: { ...outputs, ...changes },
    ...resource,
  };
  const stack = { urn: "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod", type: "pulumi:pulumi:Stack" };
  return { version: 3, deployment: { resources: [stack, rotation] } };
}

let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rotation-plan-"));
  simulator = await startSimulator({
    settings: defaultSettings,
    servers: [
      { cloudId: "1001", hostname: "web-1", diskGb: 40 },
      { cloudId: "1002", hostname: "web-2", diskGb: 20 },
    ],
    snapshots,
  });
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

function fileWith(content: unknown): string {
  const file = join(folder, "state.json");
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

async function ran(args: string[], env: NodeJS.ProcessEnv = {}) {
  const { terminal, out, err } = session({
    env: { UTHO_TOKEN: simulator.token, UTHO_ENDPOINT: simulator.url, ...env },
  });
  const code = await run(["rotation", "plan", ...args], terminal);
  return { code, out: out.join("\n"), err: err.join("\n") };
}

async function planned(...args: string[]) {
  const { code, out, err } = await ran([...args, "--now", NOW, "--json"]);
  expect([code, err]).toEqual([0, ""]);
  return JSON.parse(out);
}

/** "keep 2026-11-23: daily" of each snapshot of a server in a plan, newest first. */
function fates(server: { snapshots: { action: string; takenAt: string; reasons: string[] }[] }): string[] {
  return server.snapshots.map(({ action, takenAt, reasons }) =>
    `${action} ${takenAt.slice(0, 10)} ${reasons.join(", ")}`.trim(),
  );
}

const POLICY = ["--every", "24h", "--keep-daily", "2"];

describe("pulumi-utho rotation plan", () => {
  it("shows a person what would be taken, kept and deleted, why, and what it saves", async () => {
    const { code, out } = await ran(["--state", fileWith(stateWith({})), "--now", NOW]);
    expect(code).toBe(0);
    expect(out.split("\n")).toEqual([
      "nightly: takes 1 (on web-1 (1001)), deletes 3 (web-1 1001/5002 of 2 days ago, web-1 1001/5003 of 3 days ago, web-1 1001/5004 of 4 days ago)",
      "every 24h; keeps daily 2; at least 1; periods begin in UTC",
      "",
      "Action  Server  Snapshot   Taken                Size  A month  Why",
      "take    web-1   1001/new   2026-11-24 02:00  ≤ 40 GB           due",
      "keep    web-1   1001/5001  2026-11-23 02:00    40 GB  ₹160.00  daily",
      "delete  web-1   1001/5002  2026-11-22 02:00    40 GB  ₹160.00  no rule keeps it",
      "delete  web-1   1001/5003  2026-11-21 02:00    40 GB  ₹160.00  no rule keeps it",
      "delete  web-1   1001/5004  2026-11-20 02:00    40 GB  ₹160.00  no rule keeps it",
      "keep    web-2   1002/5007  2026-11-24 01:00    20 GB   ₹80.00  daily",
      "keep    web-2   1002/5008  2026-11-22 20:00    20 GB   ₹80.00  not Active (Error)",
      "",
      "Deletes 3 of 6, which saves 120 GB and ₹480.00 a month; with what is taken it costs ₹320.00 less. Costs ₹800 a month now, about ₹480 after this, and about ₹480 once the policy is full (2 of each server).",
      "",
    ]);
  });

  it("folds its sentences and cuts its table to a narrow screen, and leaves neither out", async () => {
    const { terminal, out } = session({
      env: { UTHO_TOKEN: simulator.token, UTHO_ENDPOINT: simulator.url },
      width: 72,
    });
    await run(["rotation", "plan", "--state", fileWith(stateWith({})), "--now", NOW], terminal);
    const lines = out.join("\n").split("\n");
    expect(lines.slice(0, 7)).toEqual([
      "nightly: takes 1 (on web-1 (1001)), deletes 3 (web-1 1001/5002 of 2 days",
      "ago, web-1 1001/5003 of 3 days ago, web-1 1001/5004 of 4 days ago)",
      "every 24h; keeps daily 2; at least 1; periods begin in UTC",
      "",
      "Action  Server  Snapshot   Taken             A month  Why",
      "take    web-1   1001/new   2026-11-24 02:00           due",
      "keep    web-1   1001/5001  2026-11-23 02:00  ₹160.00  daily",
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(72);
  });

  it("deletes the failed one that holds no data, as the update does", async () => {
    const failed = simulator.cloud.snapshots("1002").find(({ status }) => status === "Error");
    const state = fileWith(stateWith({ neverData: [`1002/${failed?.id}`] }));
    const { out } = await ran(["--state", state, "--now", NOW]);
    expect(out).toMatch(/delete {2}web-2 {3}1002\/5008 .* holds no data \(Error\)/);
    expect(out).toContain("Deletes 4 of 6");
  });

  it("prints the same for programs", async () => {
    const { now, rotations } = await planned("--state", fileWith(stateWith({})));
    expect(now).toBe("2026-11-24T02:00:00.000Z");
    const [{ servers, ...rotation }] = rotations;
    expect(rotation).toEqual({
      name: "nightly",
      policy: { every: "24h", keep: { daily: 2 }, timeZone: "UTC", minKeep: 1 },
      paused: false,
      summary: expect.stringContaining("takes 1 (on web-1 (1001)), deletes 3"),
      unknownServers: [],
      saved: { snapshots: 3, sizeGb: 120, monthlyCost: 480, netMonthlyCost: 320 },
      grown: null,
      bill: {
        ...{ now: 800, after: 480, full: 480, keptWhenFull: 2, servers: 2, incomplete: false },
        // The failed one stays.
        growth: [1, 3, 12].map((months) => ({ months, monthlyCost: 560 })),
      },
    });
    expect(servers[1]).toEqual({
      cloudId: "1002",
      hostname: "web-2",
      take: false,
      dueAt: "2026-11-25T00:00:00.000Z",
      missedWindow: false,
      snapshots: [
        expect.objectContaining({
          id: "1002/5007",
          action: "keep",
          reasons: ["daily"],
          sizeGb: 20,
          monthlyCost: 80,
        }),
        expect.objectContaining({ status: "Error", reasons: ["not Active (Error)"] }),
      ],
    });
  });

  it("writes nothing, and asks for servers and snapshots once each", async () => {
    const before = simulator.requests.all().length;
    await planned("--state", fileWith(stateWith({})));
    expect(
      simulator.requests
        .all()
        .slice(before)
        .map(({ method }) => method),
    ).toEqual(["GET", "GET"]);
  });

  it("plans a policy that is in no state, for the given servers and names", async () => {
    const { rotations } = await planned(
      "--cloud-id",
      "1002",
      "--cloud-id",
      "1001",
      "--prefix",
      PREFIX,
      ...POLICY,
    );
    const servers: { cloudId: string }[] = rotations[0].servers;
    expect(servers.map(({ cloudId }) => cloudId)).toEqual(["1001", "1002"]);
    expect(rotations[0].saved.snapshots).toBe(3);
    const byMark = await planned("--cloud-id", "1001", "--mark", MARK, ...POLICY);
    expect(fates(byMark.rotations[0].servers[0])).toEqual([
      "keep 2026-11-23 daily",
      "delete 2026-11-22",
      "delete 2026-11-21",
      "delete 2026-11-20",
    ]);
  });

  it("tries another policy, and another time, on a rotation that a state holds", async () => {
    const state = fileWith(stateWith({}));
    const more = await planned(
      "--state",
      state,
      "--keep-last",
      "1",
      "--keep-within",
      "3d",
      "--min-keep",
      "2",
    );
    expect(more.rotations[0].policy).toEqual({
      ...{ every: "24h", timeZone: "UTC", minKeep: 2 },
      keep: { last: 1, within: "3d" },
    });
    expect(fates(more.rotations[0].servers[0])).toEqual([
      "keep 2026-11-23 within 3d",
      "keep 2026-11-22 within 3d",
      "delete 2026-11-21",
      "delete 2026-11-20",
    ]);
    const later = ["--state", state, "--now", "2026-11-24T20:00:00Z", "--every", "3d"];
    expect((await ran([...later, "--at", "02:00"])).out).toContain("takes nothing (next due in 1d6h)");
    const { out } = await ran([...later, "--between", "22:00-23:00"]);
    expect(out).toContain("takes nothing (next due in 1d2h)");
    expect(out).toContain("every 3d, between 22:00 and 23:00; keeps");
    const missed = ["--now", "2026-11-25T12:00:00Z", "--between", "01:00-05:00"];
    expect((await ran(["--state", state, ...missed])).out).toMatch(/take .* due, its window was missed/);
  });

  it("says that a rotation is paused, and that a server no longer exists", async () => {
    const state = fileWith(stateWith({ paused: true, cloudIds: ["1001", "1999"] }));
    const { out } = await ran(["--state", state, "--now", NOW]);
    expect(out).toContain("nightly: is paused, takes nothing, deletes nothing");
    expect(out).toContain("Utho knows no server 1999");
    const { rotations } = await planned("--state", state);
    expect(rotations[0]).toMatchObject({ paused: true, unknownServers: ["1999"] });
  });

  it("counts at a later time what is held of servers that have left, as the bill does", async () => {
    const state = fileWith(
      stateWith({ cloudIds: [], leaving: ["1001"], onRemove: "expire", keep: { last: -1 } }),
    );
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    const { out, err } = await ran(["--state", state, "--now", tomorrow, "--json"]);
    expect(err).toBe("");
    expect(JSON.parse(out).rotations[0]).toMatchObject({
      bill: { after: 640 },
      grown: { snapshots: 4, monthlyCost: 640 },
    });
  });

  it("passes over a rotation that was replaced", async () => {
    const { code, err } = await ran(["--state", fileWith(stateWith({}, { delete: true }))]);
    expect([code, err]).toEqual([1, expect.stringContaining("its state holds no SnapshotRotation")]);
  });
});

describe("mistakes: one line, and nothing is asked", () => {
  it.each([
    [[], "--stack, --state or --cloud-id is wanted"],
    [["--cloud-id", "1001", ...POLICY], "--prefix or --mark is wanted too"],
    [["--cloud-id", "1001", "--prefix", "x", "--every", "1d"], "this policy would keep nothing"],
    [["--cloud-id", "1001", "--prefix", "x", "--every", "1d", "--keep-last", "0"], "would keep nothing"],
    [["--cloud-id", "1001", "--prefix", "x", "--keep-last", "1"], "--every is wanted too"],
    [["--cloud-id", "1001", "--state", "x.json"], "cannot be given together"],
    [["--state", "x.json", "--prefix", "x"], "--cloud-id is wanted too"],
    [["--cloud-id", "web-1"], "The id of a server is a number"],
    [["--every", "often"], "Wanted is a duration above 0"],
    [["--at", "2am"], 'at is "2am"; write "02:00"'],
    [["--between", "01:00"], "wanted two times of day"],
    [["--between", "01:00-5:00"], 'between has "5:00"; write "05:00"'],
    [
      ["--cloud-id", "1001", "--prefix", "x", "--every", "12h", "--at", "02:00", "--keep-last", "1"],
      "every is one or more whole days",
    ],
    [["--keep-daily", "-2"], "Wanted is a whole number, or -1 for all"],
    [["--keep-daily", "1.5"], "Wanted is a whole number, or -1 for all"],
    [["--keep-within", "14 days"], "Wanted is a time span"],
    [["--time-zone", "Mars/Olympus"], "Wanted is an IANA name"],
    [["--min-keep", "0"], "Wanted is a whole number of 1 or more"],
    [["--mark", "xyz"], "A mark is six hex digits"],
    [["--now", "soon"], "Wanted is an ISO 8601 time"],
  ])("%j", async (args, line) => {
    const before = simulator.requests.all().length;
    const { code, out, err } = await ran(args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(line);
    expect(err.split("\n")).toHaveLength(1);
    expect(simulator.requests.all()).toHaveLength(before);
  });

  it.each(["{ half", "[]", '{"version":3,"deployment":{"resources":[]}}'])(
    "a state file that says %s",
    async (content) => {
      const { code, err } = await ran(["--state", fileWith(content)]);
      expect([code, err]).toEqual([1, expect.stringMatching(/^error: UTHO_STACK could not [^\n]*$/)]);
    },
  );

  it("a file that is not there, no token, a token that Utho refuses", async () => {
    expect(await ran(["--state", join(folder, "none.json")])).toMatchObject({
      ...{ code: 1, out: "" },
      err: expect.stringContaining("UTHO_STACK"),
    });
    const state = fileWith(stateWith({}));
    expect((await ran(["--state", state], { UTHO_TOKEN: "" })).err).toContain("UTHO_TOKEN_MISSING");
    const refused = await ran(["--state", state], { UTHO_TOKEN: "wrong-token" });
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/^error: UTHO_\w+ could not list the servers and snapshots/);
    expect(refused.err).not.toContain("wrong-token");
  });
});

it("shows what changes first where a screen cannot hold the plan, and all in a pipe", async () => {
  simulator.cloud.addServer({ cloudId: "1003", hostname: "web-3" });
  for (let night = 1; night <= 300; night += 1) {
    const createdAt = new Date(Date.parse(NOW) - night * 86_400_000).toISOString();
    simulator.cloud.addSnapshot({ cloudId: "1003", name: nameOf(createdAt), createdAt });
  }
  const env = { UTHO_TOKEN: simulator.token, UTHO_ENDPOINT: simulator.url };
  const args = ["--state", fileWith(stateWith({ cloudIds: ["1003"], keep: { daily: 280 } })), "--now", NOW];
  const narrow = session({ env, width: 100 });
  await run(["rotation", "plan", ...args], narrow.terminal);
  const shown = narrow.out.join("\n").split("\n");
  const rows = (lines: string[], action: string) =>
    lines.filter((line) => line.startsWith(`${action} `)).length;
  const whole = (await ran(args)).out.split("\n");
  expect(rows(shown, "delete")).toBe(rows(whole, "delete"));
  expect(rows(shown, "delete")).toBeGreaterThan(15);
  expect(rows(shown, "take")).toBe(1);
  expect(rows(shown, "take") + rows(shown, "delete") + rows(shown, "keep")).toBe(200);
  expect(shown).toContain(
    `…and ${rows(whole, "keep") - rows(shown, "keep")} more: all are in a pipe or a file.`,
  );
});
