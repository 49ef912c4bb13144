import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as utho from "../../../sdk";
import { RecordingMocks, valueFrom } from "./recording-mocks";

/** A promise to states in the field; it must never change. */
const FORWARDER = 'exports.handler = () => require("pulumi-utho/provider").snapshotRotation;';
const TYPE = "pulumi-nodejs:dynamic/utho:SnapshotRotation";

describe("SnapshotRotation in a program under Pulumi's mocks", () => {
  const mocks = new RecordingMocks();
  const args = { cloudIds: ["1001"], every: "24h", keep: { daily: 7 } };

  beforeAll(() => pulumi.runtime.setMocks(mocks, "shop", "prod"));
  beforeEach(() => mocks.clear());

  it("asks for one resource, with the program's inputs and nothing made up", async () => {
    const all = {
      cloudIds: ["1001", pulumi.output("1002")],
      every: "24h",
      keep: { daily: pulumi.output(7), within: "14d" },
      timeZone: "Asia/Kolkata",
      minKeep: 2,
      namePrefix: "web",
      powerOff: true,
      paused: false,
      onRemove: "delete",
    } as const;
    const options = { customTimeouts: { update: "1h" } };
    const rotation = new utho.SnapshotRotation("nightly", { ...all, cloudIds: [...all.cloudIds] }, options);
    await valueFrom(rotation.id);
    expect(mocks.registered).toEqual([
      {
        type: TYPE,
        name: "nightly",
        id: undefined,
        inputs: {
          ...all,
          cloudIds: ["1001", "1002"],
          keep: { daily: 7, within: "14d" },
          resourceUrn: `urn:pulumi:prod::shop::${TYPE}::nightly`,
          timeouts: { update: "1h" },
          __provider: FORWARDER,
        },
      },
    ]);
    expect(Buffer.byteLength(FORWARDER)).toBeLessThan(100);
  });

  it("is distinguished from other resources by isInstance, and refuses an invalid timeout", () => {
    expect(utho.SnapshotRotation.isInstance(new utho.SnapshotRotation("nightly", args))).toBe(true);
    const snapshot = new utho.Snapshot("web", { cloudId: "1001" });
    for (const other of [snapshot, {}, undefined])
      expect(utho.SnapshotRotation.isInstance(other)).toBe(false);
    const options = { customTimeouts: { create: "soon" } };
    expect(() => new utho.SnapshotRotation("bad", args, options)).toThrow(/^UTHO_INPUT_TIMEOUT: /);
  });

  it("has a value in every declared output that the provider answers", async () => {
    const answer = {
      snapshots: {},
      losses: {},
      newest: { "1001": "1001/9001" },
      nextDue: "2026-03-02T01:00:00Z",
      failures: [],
      mark: "a1b2c3",
      prefixes: ["prod-nightly"],
    };
    const answering = {
      newResource: () => ({ id: "x", state: { ...answer, monthlyCost: 200 } }),
      call: () => ({}),
    };
    pulumi.runtime.setMocks(answering, "shop", "prod");
    const { snapshots, losses, newest, nextDue, monthlyCost, failures, mark, prefixes } =
      new utho.SnapshotRotation("n", args);
    const outputs = { snapshots, losses, newest, nextDue, failures, mark, prefixes };
    expect(await valueFrom(pulumi.output(outputs))).toEqual(answer);
    expect(await valueFrom(monthlyCost)).toBe(200);
    pulumi.runtime.setMocks(mocks, "shop", "prod");
  });

  it("shows as records what state holds as lines, and leaves others as they are", async () => {
    const known = { name: "n-1", takenAt: "2026-03-02T01:00:00Z", status: "Active", reasons: ["daily"] };
    const shownOf = async (snapshots: Record<string, unknown>): Promise<unknown> => {
      const newResource = () => ({ id: "x", state: { snapshots } });
      pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "shop", "prod");
      const shown = await valueFrom(new utho.SnapshotRotation("n", args).snapshots);
      pulumi.runtime.setMocks(mocks, "shop", "prod");
      return shown;
    };
    const record = { ...known, id: "1001/5001", cloudId: "1001" };
    expect(await shownOf({ "1001/5001": JSON.stringify(known) })).toEqual({ "1001/5001": record });
    expect(await shownOf({ "1001/5001": { name: "mine" } })).toEqual({ "1001/5001": { name: "mine" } });
  });
});
