import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clockFinding } from "../../../cli/doctor/clock";
import type { Finding } from "../../../cli/doctor/finding";
import { screenLines } from "../../../cli/doctor/screen";
import { checkState } from "../../../cli/doctor/state";
import { run } from "../../../cli/program";
import { parseState } from "../../../cli/stack/state";
import {
  type OperationName,
  type Simulator,
  type SimulatorSettings,
  startSimulator,
} from "../../../simulator";
import { session } from "../../support/terminal";

let simulator: Simulator;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-doctor-"));
  simulator = await startSimulator({ snapshots: [{ cloudId: "1001", name: "by hand" }] });
});
afterEach(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Report {
  code: number;
  text: string;
  verdicts: Record<string, string>;
  details: Record<string, string>;
}

/** Runs it as on a machine without Pulumi, which is a finding like any other. */
async function doctor(env: NodeJS.ProcessEnv = {}, ...flags: string[]): Promise<Report> {
  const all = {
    PATH: folder,
    PULUMI_HOME: folder,
    UTHO_TOKEN: simulator.token,
    UTHO_ENDPOINT: simulator.url,
    ...env,
  };
  const { terminal, out, err } = session({ env: all });
  const code = await run(["doctor", "--json", ...flags], terminal);
  expect(err).toEqual([]);
  const text = out.join("\n");
  const { findings, schemaVersion }: { findings: Finding[]; schemaVersion: number } = JSON.parse(text);
  expect(schemaVersion).toBe(1);
  for (const { verdict, next } of findings) {
    expect(next === undefined).toBe(verdict === "ok" || verdict === "skipped");
  }
  const table = (key: "verdict" | "detail") =>
    Object.fromEntries(findings.map((one) => [one.check, one[key]]));
  return { code, text, verdicts: table("verdict"), details: table("detail") };
}

describe("pulumi-utho doctor", () => {
  it.each([
    ['{"id":"7","kyc":"verified","verify":true,"availablecredit":"500","currency":"INR"}', "ok"],
    ['{"id":"7","kyc":"pending","availablecredit":"500","currency":"INR"}', "warning"],
    ['{"id":"7","kyc":"1","availablecredit":0,"currency":"USD"}', "warning"],
    ['{"id":"7"}', "skipped"],
  ])("reports KYC, credit and currency: %s", async (user, verdict) => {
    const kind = { garbled: `{"status":"success","user":${user}}` };
    simulator.faults.add({ operation: "account.info", phase: "before", kind });
    const { verdicts, details } = await doctor();
    expect(verdicts["account-standing"]).toBe(verdict);
    if (user.includes("USD")) expect(details["account-standing"]).toContain("list price in INR");
  });

  it("reports what each call answers, and changes nothing", async () => {
    const { code, verdicts, details, text } = await doctor();
    expect(code).toBe(1);
    expect(verdicts).toMatchObject({
      node: "ok",
      "pulumi-cli": "problem",
      "language-host": "problem",
      package: "ok",
    });
    expect(verdicts).toMatchObject({
      endpoint: "ok",
      token: "ok",
      clock: "ok",
      listing: "ok",
      "sdk-copies": "ok",
    });
    expect(details).toMatchObject({
      endpoint: "an address of this machine answers as Utho does",
      "api.servers": "answers, 2 servers",
      "api.deploy-listing": "answers, 1 snapshot",
      "api.server": "answers, lists its snapshots",
    });
    expect(simulator.requests.all().every(({ method }) => method === "GET")).toBe(true);
    for (const secret of [simulator.token, "web-1", "db-1", "1001", "by hand", new URL(simulator.url).host]) {
      expect(text).not.toContain(secret);
    }
  });

  it.each<[string, () => NodeJS.ProcessEnv, Record<string, string>]>([
    ["no token", () => ({ UTHO_TOKEN: "" }), { configuration: "problem", api: "skipped" }],
    ["a token with a space", () => ({ UTHO_TOKEN: "a b" }), { configuration: "problem" }],
    ["a wrong token", () => ({ UTHO_TOKEN: "wrong" }), { endpoint: "ok", token: "problem" }],
    [
      "no server at the endpoint",
      () => ({ UTHO_ENDPOINT: "http://127.0.0.1:9/v2" }),
      { endpoint: "problem", token: "skipped" },
    ],
    [
      "plain http to another machine",
      () => ({ UTHO_ENDPOINT: "http://example.org/v2" }),
      { configuration: "problem" },
    ],
    [
      "something that is not Utho",
      () => ({ UTHO_ENDPOINT: simulator.controlUrl }),
      { endpoint: "problem", token: "skipped" },
    ],
  ])("reports %s", async (_what, env, expected) => {
    const report = await doctor(env());
    expect(report.code).toBe(1);
    expect(report.verdicts).toMatchObject(expected);
    expect(report.verdicts["api.servers"]).toBeUndefined();
  });

  it.each([403, 404])(
    "does not call a token refused that may not read the account alone (HTTP %i)",
    async (status) => {
      const fault = (operation: OperationName) =>
        simulator.faults.add({ operation, phase: "before", kind: { status, body: "" }, times: "always" });
      fault("account.info");
      const { verdicts, details } = await doctor();
      expect(verdicts).toMatchObject({ endpoint: "ok", token: "warning", listing: "ok", clock: "ok" });
      expect(details.token).toContain("accepted, but may not see whose it is");
      fault("server.list");
      expect((await doctor()).verdicts).toMatchObject({ token: "warning", "api.servers": "warning" });
      fault("snapshot.listByDeploy");
      const { verdicts: none } = await doctor();
      expect(status === 403 ? none.token : none.endpoint).toBe("problem");
    },
  );

  it.each<[Partial<SimulatorSettings>, string, RegExp]>([
    [{ accountListing: "absent404" }, "ok", /^GET \/snapshot/],
    [{ accountListing: "absent404", snapshotListing: "absent" }, "warning", /^the servers' own answers/],
  ])("says which listing the provider will use: %j", async (settings, verdict, detail) => {
    simulator.cloud.setSettings(settings);
    const { verdicts, details } = await doctor();
    expect([verdicts.listing, details.listing]).toEqual([verdict, expect.stringMatching(detail)]);
  });

  it("reports that killed runs left servers switched off, without naming them", async () => {
    const notes = join(folder, "pulumi-utho/powered-off");
    mkdirSync(notes, { recursive: true });
    writeFileSync(
      join(notes, "a.json"),
      JSON.stringify({ cloudId: "424242", since: "2026-01-02T03:04:05Z" }),
    );
    writeFileSync(join(notes, "b.json"), "half a no");
    const { verdicts, details, text } = await doctor();
    expect(verdicts["power-notes"]).toBe("warning");
    expect(details["power-notes"]).toContain(
      "1 by runs that did not end, the oldest since 2026-01-02T03:04:05Z",
    );
    expect(text).not.toContain("424242");
  });

  it("reports two copies of Pulumi's SDK, an old one, and a folder without any", async () => {
    const modules = join(folder, "node_modules");
    const manifest = (name: string, version: string) => {
      mkdirSync(join(modules, name), { recursive: true });
      writeFileSync(join(modules, name, "package.json"), JSON.stringify({ name, version }));
    };
    const none = await doctor({}, "--cwd", folder);
    expect(none.verdicts).toMatchObject({ package: "problem", sdk: "problem", "sdk-copies": "skipped" });
    manifest("@pulumi/pulumi", "3.200.0");
    manifest("pulumi-utho", "0.0.1");
    writeFileSync(join(modules, "pulumi-utho/provider.js"), "");
    mkdirSync(join(modules, "pulumi-utho/node_modules/@pulumi/pulumi"), { recursive: true });
    writeFileSync(
      join(modules, "pulumi-utho/node_modules/@pulumi/pulumi/package.json"),
      '{"version":"3.248.0"}',
    );
    const two = await doctor({}, "--cwd", folder);
    expect(two.verdicts).toMatchObject({ package: "warning", sdk: "problem", "sdk-copies": "problem" });
    expect(two.details["sdk-copies"]).toContain("the program has 3.200.0, pulumi-utho 3.248.0");
  });

  it("reads a state from a file, and reports a file that holds no state", async () => {
    const recorded: { state: object } = JSON.parse(readFileSync("tests/recorded/0.1.0.json", "utf8"));
    const file = join(folder, "state");
    writeFileSync(file, JSON.stringify({ ...recorded.state, version: 3 }));
    const good = await doctor({}, "--state", file);
    expect(good.verdicts).toMatchObject({ "state.forwarder": "ok", "state.pending": "ok" });
    writeFileSync(file, "no state");
    expect((await doctor({}, "--state", file)).verdicts).toMatchObject({ state: "problem" });
  });
});

describe("what a state holds", () => {
  const OURS = "pulumi-nodejs:dynamic/utho:";
  const resource = (kind: string, more: object) => ({ urn: `urn:${kind}`, type: OURS + kind, ...more });
  const stateOf = (resources: object[], pending: object[] = []) =>
    checkState(
      parseState(
        JSON.stringify({ version: 3, deployment: { resources, pending_operations: pending } }),
        "a test",
      ),
    );
  const verdictsOf = (findings: Finding[]) =>
    Object.fromEntries(findings.map((one) => [one.check, one.verdict]));
  const good = 'exports.handler = () => require("pulumi-utho/provider").snapshot;';

  it("is a problem when the provider's code is not this package's", () => {
    const inlined = resource("Snapshot", {
      outputs: { __provider: "exports.handler = __f0; function __f0() {}" },
    });
    const fine = resource("Snapshot", { outputs: { __provider: good } });
    const findings = stateOf([fine, inlined, { urn: "urn:x", type: "aws:s3:Bucket" }]);
    expect(verdictsOf(findings)["state.forwarder"]).toBe("problem");
    expect(findings.find(({ check }) => check === "state.forwarder")?.detail).toMatch(/^1 Snapshot carry/);
  });

  it("is a warning when a run did not end", () => {
    const left = [
      resource("Snapshot", { outputs: { __provider: good }, initErrors: ["not Active in time"] }),
      resource("ServerClone", { inputs: { __provider: good }, delete: true }),
    ];
    const findings = stateOf(left, [{ type: "creating", resource: { urn: "urn:y", type: OURS } }]);
    expect(verdictsOf(findings)).toMatchObject({
      "state.pending": "warning",
      "state.init-errors": "warning",
      "state.owed": "warning",
    });
  });
});

describe("the clock", () => {
  const now = Date.parse("2026-11-24T12:00:00Z");
  it.each([
    [1, "ok"],
    [-59, "ok"],
    [61, "warning"],
    [-899, "warning"],
    [901, "problem"],
  ])("%s s ahead: %s", (seconds, verdict) => {
    expect(clockFinding({ ours: now + seconds * 1000, theirs: now }).verdict).toBe(verdict);
  });

  it("is not judged when no answer carried a time", () => {
    expect(clockFinding(undefined).verdict).toBe("skipped");
  });
});

describe("the screen", () => {
  const findings: Finding[] = [
    { check: "a", title: "One", verdict: "ok", detail: "fine" },
    {
      check: "b",
      title: "Another",
      verdict: "problem",
      detail: "word ".repeat(20).trim(),
      next: "do something.",
    },
  ];

  it("is folded to its width, with what to do below what was found", () => {
    const lines = screenLines(findings, { color: false, width: 60 });
    expect(Math.max(...lines.slice(1, -1).map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(lines).toContain("ok       One      fine");
    expect(lines).toContain("                  next: do something.");
    expect(lines.at(-1)).toBe("1 problem, 0 warnings, 1 ok, 0 skipped");
    expect(lines.join("")).not.toContain("\u001b");
  });

  it("has colours when they are wanted, and keeps one line for each when it is no screen", () => {
    const lines = screenLines(findings, { color: true, width: undefined });
    expect(lines.join("")).toContain("\u001b[31mproblem\u001b[0m");
    expect(lines.some((line) => line.includes("word word"))).toBe(true);
  });
});
