import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Report } from "../../cli/report/model";
import { type Simulator, startSimulator } from "../../simulator";
import { Stack } from "../support/stack";

const COMMAND = resolve(__dirname, "../../dist/cli/main.js");

const PROD = `
new utho.Snapshot("web", { cloudId: "1001" });
new utho.Snapshot("renamed", { cloudId: "1001" });
new utho.Snapshot("resized", { cloudId: "1002" });
new utho.Snapshot("failed", { cloudId: "1002" });
new utho.Snapshot("gone", { cloudId: "1002" });
`;
const STAGING = 'new utho.Snapshot("kept", { cloudId: "1001" });';

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

describe("pulumi-utho report on real stacks", () => {
  let simulator: Simulator;
  let prod: Stack;
  let staging: Stack;

  beforeEach(async () => {
    simulator = await startSimulator();
    prod = await Stack.create({ program: PROD, simulator, stack: "prod" });
    staging = await Stack.create({ program: STAGING, simulator, stack: "staging" });
  });
  afterEach(async () => {
    prod.dispose();
    staging.dispose();
    await simulator.close();
  });

  /** Runs the built command as a user would, in the folder of the one stack. */
  function report(input: string, ...args: string[]): Promise<Ended> {
    const { UTHO_TOKEN: _token, UTHO_ENDPOINT: _endpoint, ...inherited } = process.env;
    const child = spawn(process.execPath, [COMMAND, "report", ...args], {
      cwd: prod.folder,
      env: {
        ...inherited,
        PATH: `${process.env.PULUMI_UTHO_TEST_ENGINE}${delimiter}${process.env.PATH}`,
        PULUMI_BACKEND_URL: `file://${join(prod.folder, "state")}`,
        PULUMI_HOME: join(prod.folder, "home"),
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "1",
      },
    });
    child.stdin.end(input);
    let out = "";
    let err = "";
    child.stdout.on("data", (bytes: Buffer) => (out += bytes.toString()));
    child.stderr.on("data", (bytes: Buffer) => (err += bytes.toString()));
    return new Promise((done) => child.on("close", (code) => done({ code, out, err })));
  }

  function idOf(name: string): string {
    const found = simulator.cloud.snapshots().find((one) => one.name.includes(`-${name}-`));
    if (found === undefined) throw new Error(`no snapshot of ${name}`);
    return found.id;
  }

  it("finds what was done behind Pulumi's back, and what no stack owns", { timeout: 600_000 }, async () => {
    for (const stack of [prod, staging]) {
      const up = await stack.up();
      expect(up.code, up.output).toBe(0);
    }
    // The one stack is read with the CLI, the other from its export.
    const both = [JSON.stringify(await staging.export()), "--stack", "prod", "--state", "-"] as const;

    simulator.requests.clear();
    const quiet = await report(...both);
    expect({ ...quiet, out: "" }, quiet.out).toEqual({ code: 0, out: "", err: "" });
    expect(quiet.out).toContain("Everything is in sync.");
    expect(simulator.requests.counts()).toEqual({ "server.list": 1, "snapshot.listByDeploy": 1 });

    const [renamed, resized, failed, gone] = ["renamed", "resized", "failed", "gone"].map(idOf);
    simulator.cloud.renameSnapshot(renamed ?? "", "by hand");
    simulator.cloud.setSize(resized ?? "", 81);
    simulator.cloud.failSnapshot(failed ?? "");
    simulator.cloud.deleteSnapshot(gone ?? "");
    const unowned = simulator.cloud.addSnapshot({ cloudId: "1002", name: "unowned" }).id;
    const before = { cloud: simulator.cloud.snapshots(), state: prod.stateText() };

    const files = { json: join(prod.folder, "report.json"), html: join(prod.folder, "report.html") };
    const found = await report(...both, "--format", `json=${files.json}`, "--format", `html=${files.html}`);
    expect(found, found.err).toMatchObject({ code: 1, out: "" });
    const read: Report = JSON.parse(readFileSync(files.json, "utf8"));
    const states = Object.fromEntries(read.snapshots.map(({ snapshotId, state }) => [snapshotId, state]));
    expect(states).toEqual({
      [idOf("web")]: "in-sync",
      [idOf("kept")]: "in-sync",
      [renamed ?? ""]: "drifted",
      [resized ?? ""]: "drifted",
      [failed ?? ""]: "failed",
      [gone ?? ""]: "missing",
      [unowned]: "unmanaged",
    });
    expect(read.findings.filter(({ alarms }) => alarms).map(({ kind }) => kind)).toEqual([
      "missing",
      "failed",
      "drift",
      "drift",
    ]);
    const truth = simulator.cloud.snapshots();
    expect(read.totals.account.count).toBe(truth.length);
    expect(read.totals.account.sizeGb).toBe(truth.reduce((sum, { sizeGb }) => sum + sizeGb, 0));
    expect(read.totals.unmanaged).toEqual({ count: 1, sizeGb: 80, monthlyCost: 320 });
    // The provider's own check agrees.
    expect((await prod.drift()).code).toBe(7);

    expect((await report(...both, "--baseline", files.json)).code).toBe(0);
    expect((await report(...both, "--fail-on", "none")).code).toBe(0);
    expect((await report("", "--stack", "nowhere")).code).toBe(2);
    expect({ cloud: simulator.cloud.snapshots(), state: prod.stateText() }).toEqual(before);
    const token = simulator.token;
    for (const file of Object.values(files)) expect(readFileSync(file, "utf8")).not.toContain(token);

    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 401 }, times: "always" });
    const silent = await report(...both);
    expect(silent).toMatchObject({ code: 2, out: "" });
    expect(silent.err).toContain("UTHO_AUTH");
  });
});
