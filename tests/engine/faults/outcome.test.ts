import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeOf } from "../../support/faults/code";
import { Together } from "./together";

let together: Together;
beforeAll(async () => {
  together = await Together.begin();
});
afterAll(() => together.end());

const SHORT = { timeouts: { create: "600ms", update: "600ms", delete: "5s" } };

describe("a snapshot that fails", () => {
  it.each(["Error", "Failed", "creation_failed", "CORRUPTED"])(
    "as %s keeps its id in state; the next run replaces it and removes it",
    async (failureWord) => {
      const account = await together.account({ settings: { failureWord } });
      account.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed" });
      const { errors } = await account.up();
      expect(errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_FAILED"]);
      expect(errors[0]).toContain(`"${failureWord}"`);
      const [failed, ...more] = account.simulator.cloud.snapshots();
      expect(more).toEqual([]);
      expect(account.idOf("a")).toBe(failed?.id);

      await account.calm(account.up());
      expect(account.idOf("a")).not.toBe(failed?.id);
      expect(account.disagreements()).toEqual([]);
    },
  );

  it("fails again and again without leaving any behind", async () => {
    const account = await together.account();
    account.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed", times: 3 });
    for (const _round of [1, 2, 3]) {
      const { errors } = await account.up();
      expect(errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_FAILED"]);
    }
    await account.calm(account.up());
    expect(account.disagreements()).toEqual([]);
  });

  it("is seen by a refresh in between, and still replaced", async () => {
    const account = await together.account();
    account.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed" });
    await account.up();
    await account.calm(account.engine.refresh());
    await account.calm(account.up());
    expect(account.disagreements()).toEqual([]);
  });
});

describe("a snapshot that is never Active", () => {
  it("is a time-out that names the last state seen and keeps the id; the next run picks it up", async () => {
    const account = await together.account({ inputs: SHORT });
    account.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "never" });
    const { errors } = await account.up();
    expect(errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_NOT_READY"]);
    expect(errors[0]).toContain("Last seen: status Pending.");
    const [slow] = account.simulator.cloud.snapshots();
    expect(account.idOf("a")).toBe(slow?.id);

    const again = await account.up();
    expect(again.errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_NOT_READY"]);
    account.simulator.cloud.completeSnapshot(slow?.id ?? "");
    await account.calm(account.up());
    expect(account.idOf("a")).toBe(slow?.id);
    expect(account.simulator.requests.count("snapshot.create")).toBe(1);
  });

  it("is picked up by a refresh once it is Active, and then nothing is left to do", async () => {
    const account = await together.account({ inputs: SHORT });
    account.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "never" });
    await account.up();
    const [slow] = account.simulator.cloud.snapshots();
    account.simulator.cloud.completeSnapshot(slow?.id ?? "");
    await account.calm(account.engine.refresh());
    const state = account.engine.state.get(account.engine.urnOf("a"));
    expect(state?.outputs.status).toBe("Active");
    await account.calm(account.up());
    expect(account.disagreements()).toEqual([]);
    expect(account.simulator.requests.count("snapshot.create")).toBe(1);
  });

  it("that fails later is replaced by the next run", async () => {
    const account = await together.account({ inputs: SHORT });
    account.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "never" });
    await account.up();
    account.simulator.cloud.failSnapshot(account.idOf("a") ?? "");
    const { errors } = await account.up();
    expect(errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_FAILED"]);
    await account.calm(account.up());
    expect(account.disagreements()).toEqual([]);
  });
});

describe("an undocumented status word", () => {
  it.each(["Queued", "in-progress", "Uploading 40%", "available soon", "Inactive", "Processing"])(
    "%s is waited for",
    async (pendingStatusWord) => {
      const account = await together.account({ settings: { pendingStatusWord, snapshotDurationMs: 200 } });
      await account.calm(account.up());
      expect(account.disagreements()).toEqual([]);
    },
  );
});

describe("a creation that vanishes while it is waited for", () => {
  it("is an error with the id in state, and a refresh lets the next run take a new one", async () => {
    const account = await together.account({ settings: { snapshotDurationMs: 2_000 } });
    const stop = account.simulator.requests.onSettled(({ operation }) => {
      const [made] = account.simulator.cloud.snapshots();
      if (operation === "snapshot.listByDeploy" && made !== undefined) {
        stop();
        account.simulator.cloud.deleteSnapshot(made.id);
      }
    });
    const { errors } = await account.up();
    expect(errors.map(codeOf)).toEqual(["UTHO_SNAPSHOT_VANISHED"]);
    expect(account.idOf("a")).toBeDefined();
    await account.calm(account.engine.refresh());
    expect(account.idOf("a")).toBeUndefined();
    await account.calm(account.up());
    expect(account.disagreements()).toEqual([]);
  });
});
