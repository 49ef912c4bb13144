import { describe, expect, it } from "vitest";
import { cloneOptions } from "../../../../cli/recovery/clone";
import { listed } from "../../../../cli/recovery/listing";
import { goneServer, requireDataCentre, snapshotAt, sourceNamed } from "../../../../cli/recovery/pick";
import { overwriteText } from "../../../../cli/recovery/words";
import { UsageError } from "../../../../cli/screen/terminal";
import { parseState } from "../../../../cli/stack/state";
import { serverNamed } from "../../../../cli/stack/view";
import type { ServerInfo, SnapshotInfo } from "../../../../provider/lookup/types";
import { keptName } from "../../../../provider/utho/keep";

const servers = new Map<string, ServerInfo>(
  [
    ["1001", "web-1"],
    ["1002", "db-1"],
    ["1003", "db-1"],
  ].map(([cloudId = "", hostname = ""]) => [cloudId, { cloudId, hostname, diskSizeGb: 50 }]),
);

const URN = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/utho:SnapshotRotation::nightly";
const NOW = Date.parse("2026-11-26T03:00:00Z");

function snapshot(
  snapshotId: string,
  createdAt: string | undefined,
  more: Partial<SnapshotInfo> = {},
): SnapshotInfo {
  const made = {
    id: `1001/${snapshotId}`,
    snapshotId,
    cloudId: "1001",
    name: `s${snapshotId}`,
    status: "Active",
  };
  return { ...made, ...(createdAt === undefined ? {} : { createdAt }), ...more };
}

const snapshots = [
  snapshot("1", "2026-11-23T20:30:00Z"),
  snapshot("2", "2026-11-24T20:30:00Z"),
  snapshot("3", "2026-11-25T20:30:00Z"),
  snapshot("4", "2026-11-26T01:00:00Z", { status: "Error" }),
  snapshot("5", "2026-11-26T02:00:00Z"),
  snapshot("6", undefined),
];

/** The state says that 5 is a safety snapshot. */
const kindOf = ({ snapshotId }: SnapshotInfo) => (snapshotId === "5" ? "SnapshotRestore" : undefined);
const at = (to: string, timeZone = "UTC") =>
  snapshotAt(to, snapshots, { now: NOW, timeZone, kindOf }).snapshotId;

describe("--to", () => {
  it.each([
    ["newest", "UTC", "3"],
    ["yesterday", "UTC", "3"],
    ["yesterday", "Asia/Kolkata", "2"],
    ["today", "Asia/Kolkata", "3"],
    ["2026-11-24", "UTC", "2"],
    ["2026-11-25", "Asia/Kolkata", "2"],
    ["2026-11-25T20:29", "UTC", "2"],
    ["2026-11-26T02:00", "Asia/Kolkata", "3"],
    ["2026-11-26 01:59", "Asia/Kolkata", "2"],
    ["2026-11-25T20:30:00Z", "Asia/Kolkata", "3"],
    ["2026-11-26T02:00:00+05:30", "UTC", "3"],
    ["2026-11-25 20:29:59.999 UTC", "Asia/Kolkata", "2"],
    ["2026-11-25T20:29:59.999Z", "Asia/Kolkata", "2"],
    ["2026-11-26 02:00:00 +0530", "UTC", "3"],
    ["Yesterday", "UTC", "3"],
    ["7 hours ago", "Asia/Kolkata", "2"],
    ["1d ago", "UTC", "2"],
    ["1001/5", "UTC", "5"],
    ["6", "UTC", "6"],
  ])("%s in %s means snapshot %s", (to, timeZone, id) => {
    expect(at(to, timeZone)).toBe(id);
  });

  it.each([
    ["today", "there is no usable snapshot of 2026-11-26 (UTC)"],
    ["2026-11-20T00:00", "there is no usable snapshot of 2026-11-20T00:00:00.000Z or before"],
    ["4", "snapshot 1001/4 is not Active but Error"],
    ["99", "the server has no snapshot 99"],
    ["2026-02-30", '"2026-02-30" is no snapshot, day or time'],
    ["last week", '"last week" is no snapshot, day or time'],
  ])("%s is refused", (to, message) => {
    expect(() => at(to)).toThrow(message);
  });

  it.each(["today", "2026-11-20T00:00", "4", "99"])(
    "%s, which there is not, is answered with what there is",
    (to) => {
      const choice =
        "choose by --to <id>: 1001/5 (2026-11-26 02:00), 1001/3 (2026-11-25 20:30), 1001/2 (2026-11-24 20:30)";
      expect(nextOf(() => at(to))).toMatch(new RegExp(`^${choice.replace(/[()]/g, ".")}`));
      const none = () => snapshotAt(to, [], { now: NOW, timeZone: "UTC", kindOf });
      expect(nextOf(none)).toBe("nothing of it can be used: look at Utho's console");
    },
  );
});

function nextOf(refused: () => unknown): string | undefined {
  try {
    refused();
  } catch (error) {
    if (error instanceof UsageError) return error.next;
  }
  return undefined;
}

it("--to newest asks for the id where no state says whether it is a safety snapshot", () => {
  const name = keptName({ urn: URN, mark: "abcdef", purpose: "before" }, NOW);
  const unsure = [snapshot("7", "2026-11-26T02:00:00Z", { name })];
  const choose = (kind: "Snapshot" | undefined) =>
    snapshotAt("newest", unsure, { now: NOW, timeZone: "UTC", kindOf: () => kind });
  expect(() => choose(undefined)).toThrow("1001/7");
  expect(choose("Snapshot").id).toBe("1001/7");
});

describe("a server", () => {
  it("is named by its id or its hostname", () => {
    expect(serverNamed("1002", servers).cloudId).toBe("1002");
    expect(serverNamed("web-1", servers).cloudId).toBe("1001");
  });

  it("is refused when no server has it, or more than one", () => {
    expect(() => serverNamed("web-2", servers)).toThrow('has no server "web-2"; did you mean "web-1"?');
    expect(() => serverNamed("db-1", servers)).toThrow('2 servers have the hostname "db-1"');
    expect(nextOf(() => serverNamed("db-1", servers))).toBe("name one by its id: 1002, 1003");
    expect(nextOf(() => serverNamed("web-2", servers))).toBe(
      "its servers are web-1 (1001), db-1 (1002), db-1 (1003)",
    );
    expect(nextOf(() => serverNamed("web-2", new Map()))).toContain("it has no server at all");
  });
});

it("names what a clone is made from: a snapshot, or the newest of a server", () => {
  const named = (word: string) =>
    sourceNamed(word, "newest", { servers, snapshots }, { now: NOW, timeZone: "UTC", kindOf }).snapshotId;
  expect([named("web-1"), named("1001"), named("1001/1"), named("2")]).toEqual(["3", "3", "1", "2"]);
});

it("knows a server that is gone by the snapshots that are left of it", () => {
  const left = [snapshot("7", "2026-11-25T20:30:00Z", { cloudId: "1009", id: "1009/7" })];
  const account = { servers, snapshots: [...snapshots, ...left] };
  expect(goneServer("1009", servers, account.snapshots)).toEqual({ cloudId: "1009", left: 1 });
  expect(goneServer("1001", servers, account.snapshots)).toBeUndefined();
  expect(sourceNamed("1009", "newest", account, { now: NOW, timeZone: "UTC", kindOf }).id).toBe("1009/7");
  expect(() => sourceNamed("1010", "newest", account, { now: NOW, timeZone: "UTC", kindOf })).toThrow(
    'has no server "1010"',
  );
});

it("asks for the data centre of a clone whose server is gone or does not show it, and for no other one's", () => {
  const lost = snapshot("7", "2026-11-25T20:30:00Z", { cloudId: "1009", id: "1009/7" });
  const elsewhere = new Map([["1002", { cloudId: "1002", hostname: "db-1", dcslug: "inmumbaizone2" }]]);
  expect(() => requireDataCentre(lost, undefined, elsewhere)).toThrow(
    "server 1009 is gone, and with it the name of the data centre where snapshot 1009/7 is",
  );
  expect(nextOf(() => requireDataCentre(lost, undefined, elsewhere))).toBe(
    "add --dcslug <data centre>; the account's other servers are in inmumbaizone2",
  );
  expect(() => requireDataCentre(lost, "inmumbaizone2", elsewhere)).not.toThrow();
  const silent = () => requireDataCentre(snapshot("3", undefined), undefined, servers);
  expect(silent).toThrow("Utho does not show the data centre of server 1001");
  const shown = snapshot("8", undefined, { cloudId: "1002" });
  expect(() => requireDataCentre(shown, undefined, elsewhere)).not.toThrow();
});

it("repeats every option that decides what a clone is", () => {
  const flags = {
    hostname: "web-1",
    publicIp: false,
    firewall: "7",
    sshKey: ["1", "2"],
    dcslug: "innoida",
    auth: "option 2",
  };
  expect(cloneOptions("1001/3", "1001/3", "10045", flags)).toBe(
    "--plan 10045 --dcslug innoida --firewall 7 --auth 'option 2' --ssh-key 1 --ssh-key 2 --no-public-ip",
  );
  expect(cloneOptions("web-1", "1001/3", "10045", { hostname: "web-1", publicIp: true })).toBe(
    "--to 1001/3 --plan 10045",
  );
});

it("lists why each snapshot is there, as far as the state says it", () => {
  const rotation = {
    urn: URN,
    type: "pulumi-nodejs:dynamic/utho:SnapshotRotation",
    outputs: { mark: "abcdef", snapshots: [{ id: "1001/3", reasons: ["last 1", "daily 1"] }] },
  };
  const state = parseState(
    JSON.stringify({ version: 3, deployment: { resources: [rotation] } }),
    "stack prod",
  );
  const why = listed(snapshots, [state], NOW).map(({ id, why }) => [id, why]);
  expect(why).toEqual([
    ["1001/5", "made by hand"],
    ["1001/4", "made by hand"],
    ["1001/3", "nightly: last 1, daily 1"],
    ["1001/2", "made by hand"],
    ["1001/1", "made by hand"],
    ["1001/6", "made by hand"],
  ]);
});

it("says in one sentence what is overwritten with what", () => {
  const [one = snapshot("3", undefined)] = snapshots;
  const [server = { cloudId: "", hostname: "" }] = servers.values();
  expect(overwriteText(one, server, "Asia/Kolkata", NOW)).toMatch(
    /^The disk of web-1 \(1001\) will be overwritten with snapshot 1001\/1 \(s1\) of 2026-11-24 02:00 \(Asia\/Kolkata\), 2 days ago\. What it holds now is kept first, in a safety snapshot of at most 50 GB \(₹200 a month\)\./,
  );
});
