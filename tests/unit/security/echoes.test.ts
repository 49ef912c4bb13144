import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import type { Progress } from "../../../provider/engine/progress";
import { PartialFailure } from "../../../provider/failure";
import { guard, type Lifecycle } from "../../../provider/guard";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { RotationLifecycle } from "../../../provider/rotation/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { ProviderRuntime } from "../../../provider/utho/runtime";
import { type OperationName, type Simulator, startSimulator } from "../../../simulator";
import { clockOf } from "../../../testing/clock";

const TOKEN = "S3cr3t/T0ken+of=this&test?x<y>%41~end";
const ECHO = `Bearer ${TOKEN}, ${encodeURIComponent(TOKEN)}, ${Buffer.from(`Bearer ${TOKEN}`).toString("base64")}`;
/** Characters that every spelling of the token in the echo has, whatever stands around it. */
const TRACES = ["S3cr3t", "T0ken", Buffer.from(`Bearer ${TOKEN}`).toString("base64").slice(12, -6)];

/** A resource, and the call that Utho answers with an echo of what it was sent. */
interface Scene {
  type: string;
  lifecycle: (runtime: ProviderRuntime) => Lifecycle;
  call: OperationName;
  inputs: Record<string, unknown>;
}

const SCENES: readonly Scene[] = [
  {
    type: "Snapshot",
    lifecycle: (runtime) => new SnapshotLifecycle(runtime),
    call: "snapshot.create",
    inputs: { cloudId: "1001" },
  },
  {
    type: "SnapshotRestore",
    lifecycle: (runtime) => new RestoreLifecycle(runtime),
    call: "snapshot.restore",
    inputs: { snapshot: "1001/7001" },
  },
  {
    type: "ServerClone",
    lifecycle: (runtime) => new CloneLifecycle(runtime),
    call: "server.deploy",
    inputs: { snapshot: "1001/7001", hostname: "copy", planId: "10045" },
  },
  {
    type: "SnapshotRotation",
    lifecycle: (runtime) => new RotationLifecycle(runtime),
    call: "snapshot.create",
    inputs: { cloudIds: ["1001", "1002"], every: "24h", keep: { last: 1 } },
  },
];

describe.each(SCENES)("an answer to a $type that repeats the token", ({ type, lifecycle, call, inputs }) => {
  let simulator: Simulator;
  let home: string;
  /** Everything that is shown, said, thrown or recorded. */
  let seen: string[];

  beforeEach(async () => {
    home = mkdtempSync(join(tmpdir(), "utho-echoes-"));
    vi.stubEnv("PULUMI_HOME", home);
    seen = [];
    simulator = await startSimulator({
      token: TOKEN,
      settings: { snapshotDurationMs: 20, restoreDurationMs: 20, deployDurationMs: 20 },
    });
    simulator.cloud.addSnapshot({ id: "7001", cloudId: "1001", name: "golden" });
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
    await simulator.close();
  });

  async function create(): Promise<"made" | "failed"> {
    const hear = (text: string): void => void seen.push(text);
    const progress: Progress = { status: hear, warn: hear, info: hear, flush: async () => {} };
    const runtime = new ProviderRuntime({
      env: { PULUMI_HOME: home },
      progress: () => progress,
      clock: clockOf(simulator),
    });
    const config: Record<string, string> = {
      "utho:token": TOKEN,
      "utho:endpoint": simulator.url,
      "utho:pollInterval": "100ms",
      "utho:listingLag": "50ms",
      "utho:maxRetries": "0",
    };
    runtime.configure((key) => config[key]);
    const provider = guard(runtime, lifecycle);
    const resourceUrn = `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::web`;
    // A restore whose answer was lost is looked for until its time is over.
    const timeouts = { create: "5s" };
    const checked = await provider.check({}, { ...inputs, resourceUrn, timeouts });
    expect(checked.failures ?? []).toEqual([]);
    try {
      seen.push(JSON.stringify(await provider.create(checked.inputs)));
      return "made";
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      seen.push(error.message, String(error), error.stack ?? "", JSON.stringify(error));
      if (error instanceof PartialFailure) seen.push(JSON.stringify(error.properties), ...error.reasons);
      return "failed";
    }
  }

  const shown = (): string[] => seen.filter((text) => TRACES.some((trace) => text.includes(trace)));

  it("shows it in no progress when the server is busy first", async () => {
    const errorIn200 = `Another operation is in progress on this server, please try again. ${ECHO}`;
    simulator.faults.add({ operation: call, phase: "before", kind: { errorIn200 } });
    expect(await create()).toBe("made");
    simulator.faults.assertAllFired();
    expect(seen.join("\n")).toContain("[redacted]");
    expect(shown()).toEqual([]);
  });

  it.each([
    ["a refusal", { errorIn200: `No such thing: ${ECHO}` }],
    ["HTTP 500", { status: 500, body: ECHO }],
  ])("has it in no error and no state when it is %s", async (_what, kind) => {
    simulator.faults.add({ operation: call, phase: "before", kind, times: "always" });
    expect(await create()).toBe("failed");
    simulator.faults.assertAllFired();
    expect(seen.join("\n")).toMatch(/UTHO_[A-Z_]+: /);
    expect(shown()).toEqual([]);
  });
});

it("would be seen if it were shown", () => {
  for (const spelling of ECHO.split(", "))
    expect(TRACES.some((trace) => spelling.includes(trace))).toBe(true);
});
