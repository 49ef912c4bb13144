import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import type { Lifecycle } from "../../../provider/guard";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type FaultKind, type FaultPhase, type OperationName, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const urnOf = (type: string): string => `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::slow`;
const timeouts = { create: "8s", update: "8s", delete: "8s" };

interface Case {
  call: OperationName;
  of: (runtime: ProviderRuntime) => Lifecycle;
  program: Record<string, unknown>;
  /** The call belongs to the removal. */
  removes?: true;
}

const ofSnapshots = (runtime: ProviderRuntime): Lifecycle => new SnapshotLifecycle(runtime);
const ofClones = (runtime: ProviderRuntime): Lifecycle => new CloneLifecycle(runtime);
const snapshot = { cloudId: "1001", resourceUrn: urnOf("Snapshot"), timeouts };
const clone = {
  snapshot: "1001/9001",
  hostname: "copy",
  planId: "10045",
  resourceUrn: urnOf("ServerClone"),
  timeouts,
};

/** Every call that changes something. */
const CASES: readonly Case[] = [
  { call: "snapshot.create", of: ofSnapshots, program: snapshot },
  { call: "server.poweroff", of: ofSnapshots, program: { ...snapshot, powerOff: true } },
  { call: "server.poweron", of: ofSnapshots, program: { ...snapshot, powerOff: true } },
  { call: "snapshot.delete", of: ofSnapshots, program: snapshot, removes: true },
  {
    call: "snapshot.restore",
    of: (runtime) => new RestoreLifecycle(runtime),
    program: { snapshot: "1001/9001", resourceUrn: urnOf("SnapshotRestore"), timeouts },
  },
  { call: "server.deploy", of: ofClones, program: clone },
  { call: "server.destroy", of: ofClones, program: clone, removes: true },
];

const homes: string[] = [];
afterAll(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

/** What came of it: how often it was asked for, what was shown meanwhile, the error if any, and what the cloud holds. */
async function live(one: Case, phase: FaultPhase, kind: FaultKind, config: Record<string, string>) {
  const simulator = await startSimulator({ settings: { snapshotDurationMs: 20, deployDurationMs: 20 } });
  const home = mkdtempSync(join(tmpdir(), "utho-slow-"));
  homes.push(home);
  try {
    simulator.cloud.addSnapshot({ id: "9001", cloudId: "1001", name: "golden", contents: "gold" });
    const { provider, shown } = rigFor(simulator, one.of, config, { home });
    const { inputs } = await provider.check({}, one.program);
    if (one.removes !== true) simulator.faults.add({ operation: one.call, phase, kind });
    let error = "";
    const failed = (reason: unknown): void => {
      error = String(reason);
    };
    const made = await provider.create(inputs).catch(failed);
    if (one.removes === true && made) {
      simulator.faults.add({ operation: one.call, phase, kind });
      await provider.delete(made.id, made.outs).catch(failed);
    }
    const snapshots = simulator.cloud.snapshots().length - 1;
    const restores = simulator.cloud.operations("1001").filter((each) => each.kind === "restore").length;
    const copies = simulator.cloud.servers().filter(({ hostname }) => hostname === "copy").length;
    const off = simulator.cloud.servers().filter(({ powerState }) => powerState !== "Running").length;
    return {
      asked: simulator.requests.count(one.call),
      shown: shown.filter((text) => text.startsWith("Utho has not answered yet")),
      error,
      cloud: { snapshots, restores, copies, off },
    };
  } finally {
    await simulator.close();
  }
}

/** What the cloud holds beside "golden" when all has gone well. */
function wanted({ call, removes }: Case) {
  const nothing = { snapshots: 0, restores: 0, copies: 0, off: 0 };
  if (removes === true) return nothing;
  if (call === "server.deploy") return { ...nothing, copies: 1 };
  return { ...nothing, snapshots: 1, restores: call === "snapshot.restore" ? 1 : 0 };
}

describe.concurrent("a call that changes something", () => {
  it.each(CASES)("$call is asked for once when Utho holds the line longer than for a read", async (one) => {
    const patient = { "utho:requestTimeout": "1500ms", "utho:writeTimeout": "30s" };
    const end = await live(one, "before", { slowMs: 2_500 }, patient);
    expect(end).toMatchObject({ asked: 1, error: "", cloud: wanted(one) });
    expect(end.shown).toContainEqual(expect.stringMatching(/ yet, [\d.]+s: \w+ing /));
  });

  it.each(CASES)("$call is asked for once when it is done and no answer ever comes", async (one) => {
    const end = await live(one, "after", { hang: true }, { "utho:writeTimeout": "300ms" });
    expect(end).toMatchObject({ asked: 1, error: "", cloud: wanted(one) });
  });

  it.each(CASES)("$call that is undone by a hang-up does no harm", async (one) => {
    const end = await live(one, "before", { hang: true }, { "utho:writeTimeout": "300ms" });
    const once = { "snapshot.restore": "UTHO_RESTORE_UNSURE", "server.deploy": "UTHO_CLONE_ANSWER_LOST" };
    const code = Object.entries(once).find(([call]) => call === one.call)?.[1];
    if (code === undefined) expect(end).toMatchObject({ asked: 2, error: "", cloud: wanted(one) });
    else expect(end).toMatchObject({ asked: 1, cloud: { restores: 0, copies: 0 } });
    expect(end.error).toContain(code ?? "");
  });
});
