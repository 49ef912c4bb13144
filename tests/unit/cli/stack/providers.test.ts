import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../../../cli/program";
import type { Report } from "../../../../cli/report/model";
import { PROVIDER_TYPE, ROTATION_TYPE, SNAPSHOT_TYPE } from "../../../../sdk/forwarder";
import { type Simulator, startSimulator } from "../../../../simulator";
import { pulumiStandIn } from "../../../support/pulumi-stand-in";
import { session } from "../../../support/terminal";

const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const HEAD = "urn:pulumi:dev::shop";
const CUSTOMER = `${HEAD}::${PROVIDER_TYPE}::customer`;
const NIGHT = "dev-nightly-20261125T000000Z-a1b2c3";

let ours: Simulator;
let theirs: Simulator;
let folder: string;
let state: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-providers-"));
  state = join(folder, "state.json");
  ours = await startSimulator({
    token: "token-of-ours",
    servers: [{ cloudId: "1001", hostname: "web-1", diskGb: 40 }],
    snapshots: [{ id: "5001", cloudId: "1001", name: "mine" }],
  });
  theirs = await startSimulator({
    token: "token-of-theirs",
    servers: [{ cloudId: "2001", hostname: "shop-1", diskGb: 40 }],
    snapshots: [
      { id: "6001", cloudId: "2001", name: "golden" },
      { id: "6002", cloudId: "2001", name: NIGHT },
    ],
  });
});
afterEach(async () => {
  await Promise.all([ours.close(), theirs.close()]);
  rmSync(folder, { recursive: true, force: true });
});

function snapshot(name: string, id: string, known: string, provider: string) {
  const [cloudId, snapshotId] = id.split("/");
  const outputs = { cloudId, snapshotId, name: known, status: "Active", recorded: { name: known } };
  return { urn: `${HEAD}::${SNAPSHOT_TYPE}::${name}`, type: SNAPSHOT_TYPE, id, provider, outputs };
}

/** A stack with resources in two accounts, as Pulumi exports it. */
function exported(token: object): string {
  const settings = { "utho:token": token, "utho:endpoint": theirs.url };
  const rotation = {
    ...{ cloudIds: ["2001"], every: "24h", keep: { daily: 7 }, timeZone: "UTC", minKeep: 1, snapshots: [] },
    ...{ mark: "a1b2c3", ownPrefix: "dev-nightly", prefixes: ["dev-nightly"] },
  };
  const nightly = {
    urn: `${HEAD}::${ROTATION_TYPE}::nightly`,
    type: ROTATION_TYPE,
    id: "r",
    outputs: rotation,
  };
  const resources = [
    { urn: `${HEAD}::pulumi:pulumi:Stack::shop-dev`, type: "pulumi:pulumi:Stack" },
    { urn: `${HEAD}::${PROVIDER_TYPE}::default`, type: PROVIDER_TYPE, id: "p0", inputs: {} },
    { urn: CUSTOMER, type: PROVIDER_TYPE, id: "p1", inputs: settings },
    snapshot("own", "1001/5001", "mine", `${HEAD}::${PROVIDER_TYPE}::default::p0`),
    snapshot("other", "2001/6001", "golden", `${CUSTOMER}::p1`),
    { ...nightly, provider: `${CUSTOMER}::p1` },
  ];
  return JSON.stringify({ version: 3, deployment: { resources } });
}

const encrypted = { ...SECRET, ciphertext: "v1:abc:def" };
const opened = { ...SECRET, plaintext: JSON.stringify("token-of-theirs") };

async function command(...args: string[]) {
  const env = {
    UTHO_TOKEN: ours.token,
    UTHO_ENDPOINT: ours.url,
    PATH: pulumiStandIn(folder, state),
    PULUMI_HOME: folder,
  };
  const { terminal, out, err } = session({ env });
  const code = await run(args, terminal);
  const text = [...out, ...err].join("\n");
  expect(text).not.toMatch(/token-of-(ours|theirs)/);
  return { code, text, out: out.join("\n") };
}

describe("a stack with resources in two accounts", () => {
  const ways: [string, () => string[]][] = [
    ["a stack, whose providers Pulumi decrypts", () => ["--stack", "dev", "--cwd", folder]],
    ["a file with its secrets shown", () => ["--state", `${state}.opened`]],
  ];
  beforeEach(() => {
    writeFileSync(state, exported(encrypted));
    writeFileSync(`${state}.opened`, exported(opened));
  });

  it.each(ways)("is reported on in both: %s", async (_way, given) => {
    const { code, out } = await command("report", ...given(), "--format", "json");
    const report: Report = JSON.parse(out);
    expect(report.snapshots.map(({ id, state: found, owners }) => [id, found, owners[0]?.name])).toEqual([
      ["2001/6001", "in-sync", "other"],
      ["2001/6002", "in-sync", "nightly"],
      ["1001/5001", "in-sync", "own"],
    ]);
    expect(report.servers.map(({ hostname }) => hostname)).toEqual(["shop-1", "web-1"]);
    expect(code).toBe(0);
    const asked = (simulator: Simulator) => simulator.requests.counts();
    expect(asked(ours)).toEqual({ "server.list": 1, "snapshot.listByDeploy": 1 });
    expect(asked(theirs)).toEqual(asked(ours));
  });

  it.each(ways)("has its rotation planned in the account of that: %s", async (_way, given) => {
    const { code, text } = await command("rotation", "plan", ...given(), "--now", "2026-11-25T06:00:00Z");
    expect(code).toBe(0);
    expect(text).toMatch(/keep +shop-1 +2001\/6002/);
  });

  it("is undetermined, not missing, when a token is encrypted, and the report says how to go on", async () => {
    const { code, out } = await command("report", "--state", state, "--format", "json");
    const report: Report = JSON.parse(out);
    expect(code).toBe(2);
    const other = report.snapshots.find(({ id }) => id === "2001/6001");
    expect(other).toMatchObject({ state: "undetermined", detail: expect.stringContaining("--show-secrets") });
    expect(report.findings.map(({ kind }) => kind)).not.toContain("missing");
    const plan = await command("rotation", "plan", "--state", state);
    expect([plan.code, plan.text]).toEqual([
      1,
      expect.stringContaining("UTHO_STACK could not read the token"),
    ]);
  });

  it("is described by doctor, with whether each token is accepted", async () => {
    const { text } = await command("doctor", "--stack", "dev", "--cwd", folder);
    expect(text).toMatch(/Providers of other accounts +1: its token is accepted/);
    writeFileSync(`${state}.opened`, exported({ ...SECRET, plaintext: '"another"' }));
    const refused = await command("doctor", "--stack", "dev", "--cwd", folder);
    expect(refused.text).toMatch(/Providers of other accounts +1 of 1 is not accepted/);
    const file = await command("doctor", "--state", state);
    expect(file.text).toMatch(/Providers of other accounts +1: its token is encrypted/);
  });
});
