import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as utho from "../../../sdk";
import { RecordingMocks, valueFrom } from "./recording-mocks";

const SNAPSHOT: utho.SnapshotInfo = {
  id: "1001/9001",
  snapshotId: "9001",
  cloudId: "1001",
  name: "golden",
  status: "Active",
};
const SERVER: utho.ServerInfo = { cloudId: "1001", hostname: "web-1" };

describe("look-ups in a program under Pulumi's mocks", () => {
  const mocks = new RecordingMocks();

  beforeAll(() => pulumi.runtime.setMocks(mocks, "shop", "prod"));
  beforeEach(() => {
    mocks.clear();
    mocks.answers = {
      "utho:index:getSnapshots": { snapshots: [SNAPSHOT] },
      "utho:index:getSnapshot": SNAPSHOT,
      "utho:index:getServers": { servers: [SERVER] },
      "utho:index:getServer": SERVER,
    };
  });

  it("ask the mock's call, with the filters that were given and no others", async () => {
    const filters = { name: "golden", status: ["Active"], mostRecent: true, cloudId: undefined };
    expect(await utho.getSnapshots(filters)).toEqual({ snapshots: [SNAPSHOT] });
    expect(await utho.getSnapshot({ cloudId: "1001" })).toEqual(SNAPSHOT);
    expect(await utho.getServers()).toEqual({ servers: [SERVER] });
    expect(await utho.getServer({ name: "web-1" })).toEqual(SERVER);
    expect(mocks.called).toEqual([
      { token: "utho:index:getSnapshots", inputs: { name: "golden", status: ["Active"], mostRecent: true } },
      { token: "utho:index:getSnapshot", inputs: { cloudId: "1001" } },
      { token: "utho:index:getServers", inputs: {} },
      { token: "utho:index:getServer", inputs: { name: "web-1" } },
    ]);
  });

  it("take outputs in their Output form", async () => {
    const name = pulumi.output(Promise.resolve("golden"));
    expect(await valueFrom(utho.getSnapshotsOutput({ name }).snapshots)).toEqual([SNAPSHOT]);
    expect(await valueFrom(utho.getSnapshotOutput({ name, status: [pulumi.output("Active")] }).id)).toBe(
      "1001/9001",
    );
    expect(await valueFrom(utho.getServersOutput().servers.length)).toBe(1);
    expect(await valueFrom(utho.getServerOutput({ name }).cloudId)).toBe("1001");
    expect(mocks.called.map(({ inputs }) => inputs)).toEqual([
      { name: "golden" },
      { name: "golden", status: ["Active"] },
      {},
      { name: "golden" },
    ]);
  });

  it("wait for the resources that their filters come from", async () => {
    const made = new utho.Snapshot("web", { cloudId: "1001" });
    expect(await valueFrom(utho.getSnapshotOutput({ name: made.name }).id)).toBe("1001/9001");
    expect(mocks.called).toEqual([{ token: "utho:index:getSnapshot", inputs: { name: "made" } }]);
  });

  it("keep a secret filter's answer secret", async () => {
    const found = utho.getServerOutput({ name: pulumi.secret("web-1") });
    expect(await valueFrom(found.hostname)).toBe("web-1");
    expect(await pulumi.isSecret(found)).toBe(true);
  });
});
