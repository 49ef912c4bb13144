import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../simulator";
import { runKit } from "../live/kit";
import type { Report } from "../live/report/report";
import { Refusal } from "../live/settings";
import { CLOUDS, DEFAULT_ANSWERS } from "./live-kit-clouds";

const ROOT = resolve(__dirname, "../..");
const TOKEN = "live/kit+token=0123456789abcdef";
const READING = "live/kit+reading=fedcba9876543210";
const SERVER = { cloudId: "77881234", hostname: "falcon-disposable", ip: "203.0.113.77", diskGb: 50 };
const OTHER = { cloudId: "66554433", hostname: "precious-db", ip: "203.0.113.78", diskGb: 80 };
const KEPT = [
  { id: "88112233", cloudId: OTHER.cloudId, name: "nightly-of-precious" },
  { id: "88112234", cloudId: SERVER.cloudId, name: "made-by-hand" },
];
/** What no report may hold. */
const SECRETS = [
  TOKEN,
  READING,
  encodeURIComponent(TOKEN),
  Buffer.from(TOKEN).toString("base64"),
  ...[SERVER, OTHER].flatMap(({ cloudId, hostname, ip }) => [cloudId, hostname, ip, `Sim-${cloudId}`]),
  ...KEPT.flatMap(({ id, name }) => [id, name]),
];

let simulator: Simulator;
let reports: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  reports = mkdtempSync(join(tmpdir(), "live-reports-"));
});

afterEach(async () => {
  if (child?.exitCode === null) child.kill("SIGKILL");
  child = undefined;
  rmSync(reports, { recursive: true, force: true });
  await simulator.close();
});

async function start(settings: Partial<SimulatorSettings> = {}): Promise<void> {
  simulator = await startSimulator({
    token: TOKEN,
    readOnlyToken: READING,
    servers: [SERVER, OTHER],
    snapshots: KEPT,
    settings: { snapshotDurationMs: 1500, ...settings },
  });
}

function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    UTHO_TOKEN: TOKEN,
    UTHO_ENDPOINT: simulator.url,
    UTHO_LIVE_SERVER: SERVER.cloudId,
    UTHO_LIVE_CONFIRM: SERVER.hostname,
    UTHO_LIVE_POLL: "200ms",
    UTHO_LIVE_PATIENCE: "60s",
    UTHO_LIVE_GRACE: "2s",
    UTHO_LIVE_REPORTS: reports,
    ...more,
  };
}

interface Outcome {
  report: Report;
  screen: string;
  /** Both files of the report. */
  texts: string[];
}

async function runHere(more: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const lines: string[] = [];
  const { report, files } = await runKit({
    env: environment(more),
    say: (line) => lines.push(line),
    signal: new AbortController().signal,
    root: ROOT,
    engine: async () => ({ bin: process.env.PULUMI_UTHO_TEST_ENGINE ?? "", version: "of the tests" }),
  });
  const texts = [files.markdown, files.json].map((file) => readFileSync(file, "utf8"));
  return { report, screen: lines.join("\n"), texts };
}

interface Command {
  process: ChildProcess;
  ended: Promise<{ code: number | null; output: string }>;
}

/** `npm run test:live` without the build before it. */
function runCommand(more: NodeJS.ProcessEnv = {}): Command {
  const started = spawn(process.execPath, [join(ROOT, "tools/live.mjs")], {
    cwd: ROOT,
    env: { ...process.env, ...environment(more) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child = started;
  let output = "";
  const collect = (bytes: Buffer): void => {
    output += bytes.toString();
  };
  started.stdout.on("data", collect);
  started.stderr.on("data", collect);
  const ended = new Promise<{ code: number | null; output: string }>((done) => {
    started.on("close", (code) => done({ code, output }));
  });
  return { process: started, ended };
}

function writtenReport(): Report {
  const file = readdirSync(reports).find((name) => name.endsWith(".json"));
  const report: Report = JSON.parse(readFileSync(join(reports, file ?? "none"), "utf8"));
  return report;
}

/** The cloud is as it was, and no request tried to change anything but the disposable server. */
function expectNothingLeft(): void {
  const left = simulator.cloud.snapshots().map(({ id, cloudId, name }) => ({ id, cloudId, name }));
  expect(left.sort((a, b) => a.id.localeCompare(b.id))).toEqual(KEPT);
  expect(simulator.cloud.servers().map(({ cloudId }) => cloudId)).toEqual([SERVER.cloudId, OTHER.cloudId]);
  const writes = simulator.requests.all().filter(({ method }) => method !== "GET");
  expect(writes.filter(({ path }) => !path.includes(`/cloud/${SERVER.cloudId}/snapshot/`))).toEqual([]);
  for (const name of readdirSync(reports)) {
    const stack = name.replace("utho-live-", "u").replace(/\.\w+$/, "");
    expect(existsSync(join(ROOT, ".cache/live-stacks", stack))).toBe(false);
  }
}

function expectNoSecrets(texts: readonly string[]): void {
  for (const secret of SECRETS) for (const text of texts) expect(text).not.toContain(secret);
  for (const text of texts) expect(text).not.toMatch(/\bu[0-9a-f]{8}-/);
}

function answersOf(report: Report): Record<string, string> {
  return Object.fromEntries(report.findings.map(({ id, answer }) => [id, answer]));
}

// A whole run each, of eight commands or more of the CLI.
describe("the live kit against a simulated cloud", { timeout: 300_000 }, () => {
  it("passes as a command, reports what the cloud does, and leaves nothing", async () => {
    await start();
    const { ended } = runCommand();
    const { code, output } = await ended;
    expect(code, output).toBe(0);
    const report = writtenReport();
    expect(report.scenarios.map(({ result }) => result)).toEqual(Array(9).fill("passed"));
    expect(answersOf(report)).toMatchObject(DEFAULT_ANSWERS);
    expect(JSON.stringify(report)).toContain("A task is already in process");
    expectNoSecrets(readdirSync(reports).map((name) => readFileSync(join(reports, name), "utf8")));
    expect(output).not.toContain(TOKEN);
    expectNothingLeft();
  });

  it.each(CLOUDS)("recognises another cloud: $what", async ({ settings, restore, openPoints, answers }) => {
    await start(settings);
    const { report, screen, texts } = await runHere({
      ...(restore ? { UTHO_LIVE_RESTORE: "yes" } : {}),
      ...(openPoints
        ? { UTHO_LIVE_NAMES: "yes", UTHO_LIVE_HANGUP: "yes", UTHO_LIVE_READONLY_TOKEN: READING }
        : {}),
    });
    expect(report.result, screen).toBe("passed");
    expect(answersOf(report)).toMatchObject(answers);
    expect(simulator.requests.count("snapshot.restore")).toBe(restore ? 1 : 0);
    expectNoSecrets(texts);
    expectNothingLeft();
  });

  it("cleans up after a scenario that fails, and says so", async () => {
    await start({ snapshotOutcome: "failed", failureWord: "Error" });
    const { report } = await runHere();
    expect(report.result).toBe("failed");
    expect(report.scenarios.map(({ result }) => result)).toContain("failed");
    expect(report.scenarios.at(-1)?.result).toBe("not run");
    expect(answersOf(report)["status-words"]).toBe("Pending, Error");
    expect(report.cleanup).toEqual({ deleted: 1, left: 0, neverListed: 0 });
    expectNothingLeft();
  });

  it("cleans up after Ctrl-C in the middle, also snapshots that are listed late", async () => {
    await start({ snapshotDurationMs: 60_000, accountListingLagMs: 1500, serverListingLagMs: 1500 });
    const { process: kit, ended } = runCommand({ UTHO_LIVE_GRACE: "20s" });
    await simulator.requests.waitFor(({ operation }) => operation === "snapshot.create", 120_000);
    kit.kill("SIGINT");
    const { code, output } = await ended;
    expect(code, output).toBe(130);
    expect(output).toContain("nothing of this run is left");
    expect(writtenReport()).toMatchObject({
      result: "ended from outside",
      cleanup: { deleted: 1, left: 0, neverListed: 0 },
    });
    expectNothingLeft();
  });
});

describe("the live kit refuses, before anything is done,", () => {
  it.each<[string, NodeJS.ProcessEnv, RegExp]>([
    ["without a token", { UTHO_TOKEN: undefined }, /UTHO_TOKEN is not set/],
    ["without a server", { UTHO_LIVE_SERVER: "" }, /UTHO_LIVE_SERVER is not set/],
    ["a server that is no id", { UTHO_LIVE_SERVER: "1/../2" }, /digits only/],
    ["without a confirmation", { UTHO_LIVE_CONFIRM: undefined }, /"falcon-disposable".*it is not set/],
    ["with a confirmation of another kind", { UTHO_LIVE_CONFIRM: "yes" }, /it is not that server's hostname/],
    [
      "with the name of another server",
      { UTHO_LIVE_CONFIRM: "precious-db" },
      /it is not that server's hostname/,
    ],
    ["an unknown server", { UTHO_LIVE_SERVER: "123" }, /knows no server 123/],
    ["a wrong token", { UTHO_TOKEN: "wrong" }, /HTTP 401/],
    ["plain http to elsewhere", { UTHO_ENDPOINT: "http://utho.invalid/v2" }, /UTHO_ENDPOINT cannot be used/],
    ["an invalid interval", { UTHO_LIVE_POLL: "soon" }, /UTHO_LIVE_POLL must be a duration/],
  ])("%s", async (_what, env, says) => {
    await start();
    const engine = (): never => {
      throw new Error("the engine was asked for");
    };
    const run = runKit({
      env: environment(env),
      say: () => undefined,
      signal: new AbortController().signal,
      root: ROOT,
      engine,
    });
    const refusal: unknown = await run.catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(String(refusal)).toMatch(says);
    expect(String(refusal)).not.toContain(TOKEN);
    expect(simulator.requests.all().filter(({ method }) => method !== "GET")).toEqual([]);
    expect(simulator.requests.count()).toBeLessThanOrEqual(1);
    expect(readdirSync(reports)).toEqual([]);
  });

  it("and says what a run would do, how long it would last and what it would cost", async () => {
    await start();
    const { ended } = runCommand({ UTHO_LIVE_CONFIRM: "" });
    const { code, output } = await ended;
    expect(code, output).toBe(2);
    expect(output).toContain("takes 3 to 5 snapshots of that one server");
    expect(output).toMatch(/takes \d+ to \d+ minutes/);
    expect(output).toMatch(/costs about ₹[\d.]+ .* at most ₹1000 /);
  });
});
