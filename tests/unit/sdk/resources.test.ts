import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as utho from "../../../sdk";
import { RecordingMocks, valueFrom } from "./recording-mocks";

const FORWARDER = 'exports.handler = () => require("pulumi-utho/provider").snapshot;';

describe("Snapshot in a program under Pulumi's mocks", () => {
  const mocks = new RecordingMocks();

  beforeAll(() => pulumi.runtime.setMocks(mocks, "shop", "prod"));
  beforeEach(() => mocks.clear());

  it("asks for one resource, with the program's inputs and nothing made up", async () => {
    const snapshot = new utho.Snapshot("web", {
      cloudId: "1001",
      name: "golden",
      triggers: { version: pulumi.output("1.2.3") },
      powerOff: true,
      maxDowntime: "5m",
      adoptId: "9001",
      waitForReady: false,
    });
    await valueFrom(snapshot.id);
    expect(mocks.registered).toEqual([
      {
        type: "pulumi-nodejs:dynamic/utho:Snapshot",
        name: "web",
        id: undefined,
        inputs: {
          cloudId: "1001",
          name: "golden",
          triggers: { version: "1.2.3" },
          powerOff: true,
          maxDowntime: "5m",
          adoptId: "9001",
          waitForReady: false,
          resourceUrn: "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/utho:Snapshot::web",
          __provider: FORWARDER,
        },
      },
    ]);
  });

  it("carries the same short constant whatever its arguments, and no closure", async () => {
    const captured = { token: "S3cr3t" };
    const snapshots = [
      new utho.Snapshot("a", { cloudId: "1" }),
      new utho.Snapshot("b", {
        cloudId: pulumi.output(captured).apply(() => "2"),
        triggers: [captured.token],
      }),
    ];
    await Promise.all(snapshots.map(({ id }) => valueFrom(id)));
    const texts = mocks.registered.map(({ inputs }) => inputs.__provider);
    expect(texts).toEqual([FORWARDER, FORWARDER]);
    expect(Buffer.byteLength(FORWARDER)).toBeLessThan(100);
  });

  it("has a value in every declared output that the provider answers", async () => {
    const snapshot = new utho.Snapshot("web", { cloudId: "1001" });
    const { id, snapshotId, name, cloudId, status, sizeGb, monthlyCost } = snapshot;
    const values = await valueFrom(pulumi.all([id, snapshotId, name, cloudId, status, sizeGb, monthlyCost]));
    expect(values).toEqual(["1001/9001", "9001", "made", "1001", "Active", 50, 200]);
    const others = [snapshot.serverName, snapshot.location, snapshot.storage, snapshot.createdAt];
    expect(await Promise.all(others.map(valueFrom))).toEqual([undefined, undefined, undefined, undefined]);
  });

  it("takes inputs from other resources' outputs", async () => {
    const first = new utho.Snapshot("first", { cloudId: "1001" });
    const second = new utho.Snapshot("second", { cloudId: first.cloudId, triggers: [first.id] });
    expect(await valueFrom(second.id)).toBe("1001/9001");
    expect(mocks.registered[1]?.inputs).toMatchObject({ cloudId: "1001", triggers: ["1001/9001"] });
  });

  it("hands its timeouts over as a hidden input, and refuses one that is no duration", async () => {
    const customTimeouts = { create: "45m", delete: "1h30m" };
    await valueFrom(new utho.Snapshot("web", { cloudId: "1001" }, { customTimeouts }).id);
    expect(mocks.registered[0]?.inputs.timeouts).toEqual(customTimeouts);
    const declare = (create: string) =>
      new utho.Snapshot("bad", { cloudId: "1" }, { customTimeouts: { create } });
    for (const create of ["5 minuts", "-1s", "0", "", "10"]) {
      expect(() => declare(create)).toThrow(/^UTHO_INPUT_TIMEOUT: /);
    }
    expect(mocks.registered).toHaveLength(1);
  });

  it("gives the provider the urn of a child of a component", async () => {
    const parent = new pulumi.ComponentResource("shop:index:Backups", "nightly");
    await valueFrom(new utho.Snapshot("web", { cloudId: "1001" }, { parent }).id);
    const child = mocks.registered.find(({ name }) => name === "web");
    expect(child?.inputs.resourceUrn).toBe(
      "urn:pulumi:prod::shop::shop:index:Backups$pulumi-nodejs:dynamic/utho:Snapshot::web",
    );
  });

  it("is read by get, and asks for nothing to be made", async () => {
    const theirs = utho.Snapshot.get("theirs", "1002/77");
    expect(await valueFrom(theirs.id)).toBe("1002/77");
    expect(mocks.registered).toMatchObject([{ type: "pulumi-nodejs:dynamic/utho:Snapshot", id: "1002/77" }]);
    expect(mocks.registered[0]?.inputs.cloudId).toBeUndefined();
  });

  it("is distinguished from other resources by isInstance", () => {
    expect(utho.Snapshot.isInstance(new utho.Snapshot("web", { cloudId: "1001" }))).toBe(true);
    const restore = new utho.SnapshotRestore("undo", { snapshot: "1001/9001" });
    const component = new pulumi.ComponentResource("shop:index:Backups", "nightly");
    for (const other of [restore, component, {}, undefined, "Snapshot"]) {
      expect(utho.Snapshot.isInstance(other)).toBe(false);
    }
  });
});
