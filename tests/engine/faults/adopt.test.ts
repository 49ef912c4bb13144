import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startSimulator } from "../../../simulator";
import { codeOf } from "../../support/faults/code";
import { Stack } from "../../support/stack";
import type { Account } from "./account";
import { Together } from "./together";

let together: Together;
beforeAll(async () => {
  together = await Together.begin();
});
afterAll(() => together.end());

/** An account whose program adopts the snapshot 7001, which a person made. */
async function adopting(): Promise<Account> {
  const account = await together.account({ inputs: { adoptId: "7001" } });
  account.simulator.cloud.addSnapshot({ id: "7001", cloudId: "1001", name: "by hand" });
  return account;
}

describe("adoptId", () => {
  it.each([
    ["a snapshot of another server", "1002", "7001", "UTHO_SNAPSHOT_FOREIGN", 'set cloudId: "1001"'],
    ["a snapshot that does not exist", "1001", "7002", "UTHO_SNAPSHOT_NOT_FOUND", "getSnapshots("],
    ["a server that does not exist", "4711", "7001", "UTHO_SERVER_NOT_FOUND", "getServers()"],
  ])("of %s is an error that makes nothing", async (_what, cloudId, adoptId, code, advice) => {
    const account = await adopting();
    account.declare("a", { adoptId }, cloudId);
    const { errors } = await account.up();
    expect(errors.map(codeOf)).toEqual([code]);
    expect(errors[0]).toContain(advice);
    expect(account.simulator.cloud.snapshots().map(({ id }) => id)).toEqual(["7001"]);
    expect(account.idOf("a")).toBeUndefined();
  });

  it("of a snapshot that is deleted between check and create is an error that makes nothing", async () => {
    const account = await adopting();
    const stop = account.simulator.requests.onArrival(() => {
      stop();
      account.simulator.cloud.deleteSnapshot("7001");
    });
    const { errors } = await account.up();
    expect(errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_NOT_FOUND"]);
    expect(account.simulator.cloud.snapshots()).toEqual([]);
    expect(account.idOf("a")).toBeUndefined();
    expect(account.simulator.requests.count("snapshot.create")).toBe(0);
  });

  it("of a snapshot that is deleted while it is waited for keeps the id, and a refresh drops it", async () => {
    const account = await adopting();
    account.simulator.cloud.setStatus("7001", "Pending");
    const stop = account.simulator.requests.onSettled(({ operation }) => {
      if (operation !== "snapshot.listByDeploy") return;
      stop();
      account.simulator.cloud.deleteSnapshot("7001");
    });
    const { errors } = await account.up();
    expect(errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_VANISHED"]);
    expect(account.idOf("a")).toBe("7001");
    await account.calm(account.engine.refresh());
    expect(account.idOf("a")).toBeUndefined();
    // The program still names what is gone.
    expect((await account.up()).errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_NOT_FOUND"]);
    account.declare("a");
    await account.calm(account.up());
    expect(account.disagreements()).toEqual([]);
  });

  it("and then changed triggers take a new snapshot, and only then is the adopted one deleted", async () => {
    const account = await adopting();
    await account.calm(account.up());
    expect(account.idOf("a")).toBe("7001");
    account.simulator.requests.clear();
    account.declare("a", { adoptId: "7001", triggers: ["v2"] });
    await account.calm(account.up());
    expect(account.idOf("a")).not.toBe("7001");
    expect(account.disagreements()).toEqual([]);
    const writes = [...account.simulator.requests]
      .map(({ operation }) => operation)
      .filter((name) => name === "snapshot.create" || name === "snapshot.delete");
    expect(writes).toEqual(["snapshot.create", "snapshot.delete"]);
  });

  it("and then changed triggers lose nothing when the new snapshot fails", async () => {
    const account = await adopting();
    await account.calm(account.up());
    account.declare("a", { adoptId: "7001", triggers: ["v2"] });
    account.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed" });
    const { errors } = await account.up();
    expect(errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_FAILED"]);
    expect(account.simulator.cloud.snapshots().map(({ id }) => id)).toContain("7001");
    await account.calm(account.up());
    expect(account.disagreements()).toEqual([]);
  });

  it("taken out of the program again changes nothing", async () => {
    const account = await adopting();
    await account.calm(account.up());
    account.declare("a");
    await account.calm(account.up());
    expect(account.idOf("a")).toBe("7001");
    expect(account.simulator.requests.count("snapshot.create")).toBe(0);
  });
});

describe("Snapshot.get", () => {
  async function existing(): Promise<Account> {
    const account = await together.account();
    account.simulator.cloud.addSnapshot({ id: "7001", cloudId: "1002", name: "by hand" });
    return account;
  }

  it("of a snapshot that is deleted between two runs is an error, and makes nothing", async () => {
    const account = await existing();
    const first = await account.engine.get("theirs", "1002/7001");
    expect(first).toMatchObject({ errors: [], outputs: { name: "by hand", status: "Active" } });
    account.simulator.cloud.deleteSnapshot("7001");
    const { errors } = await account.engine.get("theirs", "1002/7001");
    expect(errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_NOT_FOUND"]);
    expect(account.simulator.cloud.snapshots()).toEqual([]);
  });

  it("of a snapshot that is deleted while it is read is an error", async () => {
    const account = await existing();
    const stop = account.simulator.requests.onArrival(() => {
      stop();
      account.simulator.cloud.deleteSnapshot("7001");
    });
    const { errors } = await account.engine.get("theirs", "1002/7001");
    expect(errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_NOT_FOUND"]);
  });

  it.each([
    ["a wrong server", "1001/7001", "UTHO_SNAPSHOT_FOREIGN", /of server 1002, .*"1002\/7001"/s],
    ["a server that does not exist", "4711/7001", "UTHO_SNAPSHOT_FOREIGN", /"1002\/7001"/],
    ["a wrong snapshot", "1002/7002", "UTHO_SNAPSHOT_NOT_FOUND", /getSnapshots\(\)/],
    ["what is no id", "7001", "UTHO_ID_FORMAT", /"1001\/9001"/],
  ])("by the id of %s is an error that helps, and touches nothing", async (_what, id, code, advice) => {
    const account = await existing();
    const { errors } = await account.engine.get("theirs", id);
    expect(errors.map(codeOf)).toEqual([code]);
    expect(errors[0]).toMatch(advice);
    expect([...account.simulator.requests].every(({ method }) => method === "GET")).toBe(true);
    expect(account.simulator.cloud.snapshots()).toHaveLength(1);
  });
});

describe("adoptId and a forced replacement by the real CLI", () => {
  it("never deletes the adopted snapshot, and says what to do", async () => {
    const simulator = await startSimulator();
    simulator.cloud.addSnapshot({ id: "7001", cloudId: "1001", name: "by hand" });
    const program = 'new utho.Snapshot("web", { cloudId: "1001", adoptId: "7001" });';
    const stack = await Stack.create({ program, simulator });
    try {
      const up = await stack.up();
      expect(up.code, up.output).toBe(0);
      const [adopted] = await stack.snapshots();
      const forced = await stack.up("--replace", adopted?.urn ?? "");
      expect(simulator.cloud.snapshots().map(({ id }) => id)).toContain("7001");
      expect(forced.output).toContain("UTHO_TAKEN_OVER");
      // The advice of that error holds: changed triggers replace it.
      stack.setProgram('new utho.Snapshot("web", { cloudId: "1001", adoptId: "7001", triggers: ["v2"] });');
      const replaced = await stack.up();
      expect(replaced.code, replaced.output).toBe(0);
      const [fresh, ...more] = simulator.cloud.snapshots();
      expect(more).toEqual([]);
      expect((await stack.snapshots()).map(({ id }) => id)).toEqual([`1001/${fresh?.id}`]);
    } finally {
      stack.dispose();
      await simulator.close();
    }
  });
});
