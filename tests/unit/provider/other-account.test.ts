import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import type { GuardedProvider, Lifecycle } from "../../../provider/guard";
import { RotationLifecycle } from "../../../provider/rotation/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type FaultKind, type Simulator, startSimulator } from "../../../simulator";
import { rigFor } from "./lifecycle-rig";

const urnOf = (type: string): string => `urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:${type}::mine`;
const KINDS: readonly [string, (runtime: ProviderRuntime) => Lifecycle, Record<string, unknown>][] = [
  [
    "snapshot",
    (runtime) => new SnapshotLifecycle(runtime),
    { cloudId: "1001", resourceUrn: urnOf("Snapshot") },
  ],
  [
    "clone",
    (runtime) => new CloneLifecycle(runtime),
    { snapshot: "1002/9001", hostname: "copy", planId: "10046", resourceUrn: urnOf("ServerClone") },
  ],
  [
    "rotation",
    (runtime) => new RotationLifecycle(runtime),
    { cloudId: "1001", every: "24h", keep: { last: 2 }, resourceUrn: urnOf("SnapshotRotation") },
  ],
];
const ANOTHER: FaultKind = { garbled: '{"status":"success","user":{"id":"9999"}}' };

describe.each(KINDS)("a %s that is not found", (kind, of, program) => {
  let simulator: Simulator;
  let made: { id: string; outs: Record<string, unknown> };
  const open = (): GuardedProvider => rigFor(simulator, of).provider;

  beforeEach(async () => {
    simulator = await startSimulator({ settings: { snapshotDurationMs: 10, deployDurationMs: 10 } });
    simulator.cloud.addSnapshot({ id: "9001", cloudId: "1002", name: "golden" });
    const provider = open();
    const { inputs } = await provider.check({}, program);
    made = await provider.create(inputs);
    simulator.requests.clear();
  });
  afterEach(() => simulator.close());

  /** The account holds nothing of what state knows. */
  function loseAll(): void {
    const { cloud } = simulator;
    for (const { id } of cloud.snapshots()) cloud.deleteSnapshot(id);
    for (const { cloudId } of cloud.servers()) cloud.removeServer(cloudId);
  }

  function answerAs(account: FaultKind): void {
    simulator.faults.add({ operation: "account.info", phase: "before", kind: account, times: "always" });
  }

  /** What state still believes in: its id, and for a rotation its snapshots. */
  async function refreshed(): Promise<unknown[]> {
    const { id, props } = await open().read(made.id, made.outs);
    return kind === "rotation" ? Object.values(props.snapshots ?? []) : id === "" ? [] : [id];
  }

  it("is gone by the token of its own account", async () => {
    loseAll();
    expect(await refreshed()).toEqual([]);
  });

  it("is not believed gone by another account's token", async () => {
    loseAll();
    answerAs(ANOTHER);
    await expect(open().read(made.id, made.outs)).rejects.toThrow(
      /UTHO_OTHER_ACCOUNT.*account 700.*account 9999/s,
    );
  });

  it("is not believed gone by another account's token after resources of that account", async () => {
    loseAll();
    answerAs(ANOTHER);
    const provider = open();
    const theirs = { ...made.outs, accountId: "9999" };
    expect(await provider.read(made.id, theirs)).toBeDefined();
    await expect(provider.read(made.id, made.outs)).rejects.toThrow(
      /UTHO_OTHER_ACCOUNT.*account 700.*account 9999/s,
    );
  });

  it("is not believed gone while Utho does not say whose account it is", async () => {
    loseAll();
    answerAs({ status: 503 });
    await expect(open().read(made.id, made.outs)).rejects.toThrow("UTHO_SERVER_ERROR");
  });

  it("is an error when Utho offers no such call and nothing in the state is found", async () => {
    loseAll();
    answerAs({ status: 401, body: { status: "error", message: "Not Found GET" } });
    await expect(open().read(made.id, made.outs)).rejects.toThrow("UTHO_OTHER_ACCOUNT");
  });

  it("costs no call while nothing is gone, and carries its account on", async () => {
    const { props } = await open().read(made.id, made.outs);
    expect(props.accountId).toBe("700");
    expect(simulator.requests.count("account.info")).toBe(0);
  });
});

describe.each(KINDS)("a %s that is to be removed", (kind, of, program) => {
  it("stays in state under another account's token", async () => {
    const simulator = await startSimulator({ settings: { snapshotDurationMs: 10, deployDurationMs: 10 } });
    simulator.cloud.addSnapshot({ id: "9001", cloudId: "1002", name: "golden" });
    const { provider } = rigFor(simulator, of);
    const removable = kind === "rotation" ? { ...program, onRemove: "delete" } : program;
    const { id, outs } = await provider.create((await provider.check({}, removable)).inputs);
    simulator.faults.add({ operation: "account.info", phase: "before", kind: ANOTHER, times: "always" });
    for (const one of simulator.cloud.snapshots()) simulator.cloud.deleteSnapshot(one.id);
    for (const { cloudId } of simulator.cloud.servers()) simulator.cloud.removeServer(cloudId);
    await expect(rigFor(simulator, of).provider.delete(id, outs)).rejects.toMatchObject({
      code: "UTHO_OTHER_ACCOUNT",
    });
    await simulator.close();
  });
});
