import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as utho from "../../../sdk";
import { RecordingMocks, valueFrom } from "./recording-mocks";

const FOUND = { id: "1001/7001", snapshotId: "7001", cloudId: "1001", name: "found", status: "Active" };

describe("what a restore and a clone are made from", () => {
  const mocks = new RecordingMocks();

  beforeAll(() => pulumi.runtime.setMocks(mocks, "shop", "prod"));
  beforeEach(() => mocks.clear());

  async function sent(name: string, resource: pulumi.CustomResource): Promise<Record<string, unknown>> {
    await valueFrom(resource.urn);
    return mocks.registered.find((one) => one.name === name)?.inputs ?? {};
  }
  const restoreOf = (snapshot: pulumi.Input<utho.Snapshot | string>) =>
    sent("undo", new utho.SnapshotRestore("undo", { snapshot }));

  it("is a Snapshot, whose id is sent", async () => {
    const snapshot = new utho.Snapshot("web", { cloudId: "1001" });
    for (const given of [snapshot, pulumi.output(snapshot), Promise.resolve(snapshot), snapshot.id])
      expect(await restoreOf(given)).toMatchObject({
        snapshot: "1001/9001",
        origin: "computed",
        sources: [await valueFrom(snapshot.urn)],
      });
    const copy = new utho.ServerClone("copy", { snapshot, hostname: "copy", planId: "1" });
    expect(await sent("copy", copy)).toMatchObject({ snapshot: "1001/9001" });
  });

  it("is not known before its Snapshot is made", async () => {
    mocks.makes = false;
    const { snapshot } = await restoreOf(new utho.Snapshot("web", { cloudId: "1001" }));
    expect(snapshot).not.toBe("1001/9001");
  });

  it("has no origin where the program writes the id itself", async () => {
    expect(await restoreOf("1001/9001")).not.toHaveProperty("origin");
  });

  it.each([
    [
      "an entry of newest",
      (one: utho.SnapshotRotation) => one.newest.apply((all) => all?.["1001"] ?? "1001/1"),
    ],
    ["joined with others", (one: utho.SnapshotRotation) => pulumi.interpolate`${one.newest["1001"]}`],
    [
      "the id of an entry",
      (one: utho.SnapshotRotation) => one.snapshots.apply((all) => all?.[0]?.id ?? "1001/1"),
    ],
  ])("is known to come from a rotation: %s", async (_what, idOf) => {
    const rotation = new utho.SnapshotRotation("nightly", {
      cloudIds: ["1001"],
      every: "1d",
      keep: { last: 2 },
    });
    expect(await restoreOf(idOf(rotation))).toMatchObject({ origin: "rotation" });
  });

  it("is computed where a look-up of this run has found it, awaited too", async () => {
    mocks.answers["utho:index:getSnapshot"] = FOUND;
    mocks.answers["utho:index:getSnapshots"] = { snapshots: [{ ...FOUND, id: "1001/7002" }] };
    const { id } = await utho.getSnapshot({ mostRecent: true });
    expect(await restoreOf(id)).toMatchObject({ snapshot: id, origin: "computed" });
    await utho.getSnapshots();
    expect(await restoreOf("1001/7002")).toMatchObject({ origin: "computed" });
  });

  it("may have its former name in a program that is not type-checked", async () => {
    const former: utho.SnapshotRestoreArgs = JSON.parse('{ "snapshotId": "1001/9001" }');
    expect(await sent("undo", new utho.SnapshotRestore("undo", former))).toMatchObject({
      snapshotId: "1001/9001",
    });
  });
});
