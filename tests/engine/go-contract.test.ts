import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Simulator, type SimulatorSettings, startSimulator } from "../../simulator";

/**
 * Utho's own Go client against the simulator: the proof that it answers as Utho's own software expects.
 *
 * Variations that the simulator knows and that client cannot read, so that they are missing here:
 * - `strayBytes`, and `empty` for powerAnswer, restoreAnswer and deleteAnswer: it parses every body as JSON.
 *   (`null` it takes for success.)
 * - `numbersAs` other than `mixed`, `diskSizeStyle` other than `number`, `sizeStyle: "number"`: counts and the sizes of
 *   snapshots are strings for it, prices and the sizes of disks numbers.
 * - `idsAs: "number"`: its ids are strings; `mixed` concerns listings of the account only, which it does not have.
 * - `busyRule: "accept"` has no busy server to meet.
 */
const GO_TESTS = resolve(__dirname, "../contract");

const TESTS = [
  "TestAccountIsReadWithToken",
  "TestActionsTellWhatHappened",
  "TestBusyServerIsRefused",
  "TestImagesAreListed",
  "TestNamelessSnapshotIsRefused",
  "TestPowerOffOnAndCycle",
  "TestServerIsDeployedAndDestroyed",
  "TestServerIsRead",
  "TestServersAreListed",
  "TestServersAreListedOverPages",
  "TestSnapshotIsCreatedRestoredAndDeleted",
  "TestSnapshotsOfOneServerAreKeptApart",
  "TestUnknownServerIsRefused",
  "TestUnknownSnapshotIsRefused",
  "TestWrongTokenIsRefused",
];

const VARIATIONS: [string, Partial<SimulatorSettings>][] = [
  ["as it is by default", {}],
  [
    "with HTTP errors as a list and refused unknown servers",
    { errorStyle: "http4xx-errors-list", unknownServer: "statusError", busyStyle: "http409" },
  ],
  [
    "with HTTP errors as a message, no status field and null answers",
    {
      errorStyle: "http4xx-status-message",
      refusedTokenStyle: "errorStyle",
      statusField: "missing",
      powerAnswer: "null",
      restoreAnswer: "null",
      deleteAnswer: "null",
      busyStyle: "http423",
    },
  ],
  [
    "with late listings, slow deletions and none of the account",
    {
      accountListing: "swallowed-by-cloudid",
      snapshotListing: "absent",
      serverListingLagMs: 150,
      deleteDurationMs: 150,
      deletesCountAsBusy: true,
      destroyDurationMs: 150,
      redundantPower: "refuse",
      busyStyle: "http429",
    },
  ],
  [
    "with mixed ids, other sizes and a status in every list",
    {
      idsAs: "mixed",
      sizeStyle: "50 GB",
      statusInServerList: true,
      restoreLeaves: "asBefore",
      timeZone: "UTC",
    },
  ],
];

function findGo(): string | undefined {
  const name = process.platform === "win32" ? "go.exe" : "go";
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
}

const go = findGo();
const cannot =
  "Go is not on PATH, so Utho's own Go client cannot prove the simulator: install Go 1.23 or newer.";

describe("Utho's own Go client and the simulator", () => {
  let simulator: Simulator | undefined;
  afterEach(async () => {
    for (const child of running) {
      child.kill();
    }
    await simulator?.close();
    simulator = undefined;
  });

  if (go === undefined) {
    it("need Go", (context) => {
      if (process.env.CI) {
        throw new Error(cannot);
      }
      console.warn(`\n*** NOT TESTED: ${cannot} ***\n`);
      context.skip(cannot);
    });
    return;
  }

  it.each(VARIATIONS)("agree %s", async (_how, settings) => {
    simulator = await startSimulator({ settings });
    const run = await goTest(go, { UTHO_ENDPOINT: simulator.url, UTHO_TOKEN: simulator.token });
    expect(run.failed, run.output).toEqual([]);
    expect(run.code, run.output).toBe(0);
    expect(run.passed.sort()).toEqual(TESTS);
    expect(simulator.cloud.servers().map((server) => server.hostname)).toEqual(["web-1", "db-1"]);
    expect(simulator.cloud.snapshots()).toEqual([]);
  });

  it("refuse to work on an endpoint elsewhere without a word of consent", async () => {
    const run = await goTest(go, { UTHO_ENDPOINT: "https://utho.invalid/v2", UTHO_TOKEN: "token" });
    expect(run.code).not.toBe(0);
    expect(run.passed).toEqual([]);
    expect(run.output).toContain("utho.invalid is not on this machine");
    expect(run.output).toContain("set UTHO_CONTRACT_CONFIRM=yes to go on");
  });

  it("say what they need when nothing is set", async () => {
    const run = await goTest(go, {});
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("set UTHO_ENDPOINT and UTHO_TOKEN to the endpoint to test");
  });
});

interface GoRun {
  code: number | null;
  passed: string[];
  failed: string[];
  output: string;
}

/** What a test that ran out of time has left. */
const running = new Set<ChildProcess>();

/** Runs the module's tests and reads the events of `go test -json`. */
async function goTest(file: string, env: NodeJS.ProcessEnv): Promise<GoRun> {
  const { UTHO_ENDPOINT: _endpoint, UTHO_TOKEN: _token, ...inherited } = process.env;
  const child = spawn(file, ["test", "-mod=readonly", "-count=1", "-json", "./..."], {
    cwd: GO_TESTS,
    env: { ...inherited, GOWORK: "off", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let output = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    output += chunk;
  });
  running.add(child);
  const code = await new Promise<number | null>((done) => child.once("close", done));
  running.delete(child);
  const run: GoRun = { code, passed: [], failed: [], output };
  for (const line of stdout.split("\n")) {
    readEvent(line, run);
  }
  return run;
}

function readEvent(line: string, run: GoRun): void {
  const event: unknown = line.startsWith("{") ? JSON.parse(line) : { Action: "output", Output: line };
  if (typeof event !== "object" || event === null || !("Action" in event)) {
    return;
  }
  if ("Output" in event) {
    run.output += String(event.Output);
  }
  if (!("Test" in event)) {
    return;
  }
  if (event.Action === "pass") {
    run.passed.push(String(event.Test));
  } else if (event.Action === "fail" || event.Action === "skip") {
    run.failed.push(String(event.Test));
  }
}
