import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CheckRequest,
  ConstructRequest,
  CreateRequest,
  GetSchemaRequest,
  ProviderHandshakeRequest,
} from "@pulumi/pulumi/proto/provider_pb";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { structOf, valuesOf } from "../../../plugin/wire";
import { UNKNOWN } from "../../../provider/engine/values";
import { generateName } from "../../../provider/utho/names";
import { type Simulator, startSimulator } from "../../../simulator";
import { PartialError } from "../../support/plugin";
import { type PluginDoor, PluginDoorHost } from "../../support/plugin-door";

const urnOf = (type: string, name = "web") => `urn:pulumi:dev::tests::utho:index:${type}::${name}`;
const URN = urnOf("Snapshot");
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "token" };

let simulator: Simulator;
let home: string;
let host: PluginDoorHost;
let door: PluginDoor;

const config = () => ({
  "utho:token": simulator.token,
  "utho:endpoint": simulator.url,
  "utho:pollInterval": "10ms",
  "utho:listingLag": "150ms",
  "utho:maxRetries": "1",
});
const writes = () => simulator.requests.all().filter(({ method }) => method !== "GET").length;

beforeEach(async () => {
  simulator = await startSimulator({ settings: { snapshotDurationMs: 20 } });
  simulator.cloud.addSnapshot({ id: "9001", cloudId: "1001", name: "golden" });
  home = mkdtempSync(join(tmpdir(), "utho-door-"));
  host = await PluginDoorHost.open(home);
  door = await host.begin(config());
});
afterEach(async () => {
  door.close();
  host.close();
  rmSync(home, { recursive: true, force: true });
  await simulator.close();
});

describe("the plugin's protocol", () => {
  it("takes inputs in clear, prints its schema, and has no components", async () => {
    const hands = await door.ask("handshake", new ProviderHandshakeRequest());
    expect(hands.getAcceptSecrets()).toBe(false);
    const schema = JSON.parse((await door.ask("getSchema", new GetSchemaRequest())).getSchema());
    expect(schema).toMatchObject({ name: "utho", resources: { "utho:index:Snapshot": {} } });
    await expect(door.ask("construct", new ConstructRequest())).rejects.toThrow();
  });

  it.each([
    [{ tokn: "x" }, /UTHO_CONFIG_INVALID.*did you mean "token"/],
    [{}, /UTHO_TOKEN_MISSING[\s\S]*`token` of the Provider "customer"/],
    [{ token: UNKNOWN, pollInterval: "soon" }, /UTHO_CONFIG_INVALID[\s\S]*of the Provider "customer"/],
    [{ token: SECRET, pollInterval: "soon" }, /UTHO_CONFIG_INVALID/],
    [{ token: SECRET }, undefined],
    [{ token: UNKNOWN }, undefined],
  ])("checks an explicit provider with %j, and leaves its secrets marked", async (args, reason) => {
    const urn = "urn:pulumi:dev::tests::pulumi:providers:utho::customer";
    const answer = await door.ask("checkConfig", new CheckRequest().setUrn(urn).setNews(structOf(args)));
    const reasons = answer.getFailuresList().map((failure) => failure.getReason());
    expect(reasons).toEqual(reason === undefined ? [] : [expect.stringMatching(reason)]);
    expect(answer.getInputs()?.toJavaScript()).toEqual(args);
  });

  it("marks the secrets that a program without an SDK does not: tokens, and passwords of clones", async () => {
    const urn = "urn:pulumi:dev::tests::pulumi:providers:utho::customer";
    const plain = structOf({ token: "token", pollInterval: "5s" });
    const config = await door.ask("checkConfig", new CheckRequest().setUrn(urn).setNews(plain));
    expect(config.getInputs()?.toJavaScript()).toEqual({ token: SECRET, pollInterval: "5s" });
    const clone = urnOf("ServerClone");
    const program = { snapshot: "1001/9001", hostname: "copy", planId: "10046", rootPassword: "token" };
    const request = new CheckRequest().setUrn(clone).setNews(structOf(program));
    const checked = (await door.ask("check", request)).getInputs();
    expect(checked?.toJavaScript()).toMatchObject({ rootPassword: SECRET, hostname: "copy" });
    const creation = new CreateRequest().setUrn(clone).setProperties(structOf(valuesOf(checked)));
    const outs = (await door.ask("create", creation)).getProperties()?.toJavaScript();
    expect(outs).toMatchObject({ password: { ...SECRET, value: expect.any(String) }, hostname: "copy" });
    expect(JSON.stringify({ ...outs, password: "" })).not.toContain("token");
  });

  it("refuses an input, a resource and a function that it does not have", async () => {
    await expect(door.check(URN, {}, { cloudid: "1001" })).rejects.toThrow(/UTHO_INPUT_UNKNOWN.*cloudId/);
    await expect(door.check(urnOf("Volume"), {}, {})).rejects.toThrow("UTHO_PLUGIN_VERSION");
    await expect(door.invoke("utho:index:getVolume", {})).rejects.toThrow("UTHO_PLUGIN_VERSION");
  });
});

describe("a name of before", () => {
  it.each([
    ["SnapshotRestore", {}],
    ["ServerClone", { hostname: "copy", planId: "10045" }],
  ])("of %s's source is understood, and the new one is said", async (type, more) => {
    const inputs = await door.check(urnOf(type), {}, { snapshotId: "1001/9001", ...more });
    expect(inputs).toMatchObject({ snapshot: "1001/9001" });
    expect(inputs).not.toHaveProperty("snapshotId");
    expect(host.said.join()).toContain("Write `snapshot` in the program");
    expect(await door.check(urnOf(type), inputs, { snapshot: "1001/9001", ...more })).toEqual(inputs);
  });

  it.each([
    ["Snapshot", { cloudId: "1001" }],
    ["SnapshotRotation", { cloudId: "1001", every: "24h", keep: { last: 1 } }],
  ])("is refused by %s, which never had it", async (type, more) => {
    await expect(door.check(urnOf(type), {}, { snapshotId: "9001", ...more })).rejects.toThrow(
      "UTHO_INPUT_UNKNOWN",
    );
  });

  it("of a setting counts, and the new one is said", async () => {
    door.close();
    door = await host.begin({ ...config(), "utho:adoptWindow": "0" });
    simulator.cloud.addSnapshot({ cloudId: "1001", name: generateName(URN, Date.now()) });
    const { outs } = await door.create(URN, await door.check(URN, {}, { cloudId: "1001" }));
    expect(writes()).toBe(1);
    expect(outs).toMatchObject({ status: "Active" });
    expect(host.said.join()).toContain("utho:adoptWindow is now called utho:takeoverWindow");
  });
});

describe("a resource of the plugin", () => {
  it("is not touched by a preview, which knows what the program says and nothing else", async () => {
    const inputs = await door.check(URN, {}, { cloudId: "1001" });
    const { outs } = await door.create(URN, inputs, true);
    expect(outs).toMatchObject({ cloudId: "1001", snapshotId: UNKNOWN, name: UNKNOWN, status: UNKNOWN });
    expect(writes()).toBe(0);
  });

  it("shows users their inputs and outputs, and keeps its bookkeeping under one hidden key", async () => {
    const inputs = await door.check(URN, {}, { cloudId: "1001", triggers: ["v1"] });
    expect(Object.keys(inputs).sort()).toEqual(["__utho", "cloudId", "triggers"]);
    const { id, outs } = await door.create(URN, inputs);
    expect(outs).toMatchObject({
      cloudId: "1001",
      status: "Active",
      __utho: { place: "dev::tests::Snapshot::web" },
    });
    const hidden = ["recorded", "triggersDigest", "resourceUrn", "place", "mark", "timeouts", "accountId"];
    expect(Object.keys(outs).filter((key) => hidden.includes(key))).toEqual([]);
    expect(await door.diff(URN, id, outs, inputs, inputs)).toEqual({
      changes: false,
      replaces: [],
      details: {},
    });
    const changed = await door.check(URN, inputs, { cloudId: "1001", triggers: ["v2"], powerOff: true });
    expect(await door.diff(URN, id, outs, changed, inputs)).toEqual({
      changes: true,
      replaces: ["triggers"],
      details: { triggers: "UPDATE_REPLACE of an input", powerOff: "ADD of an input" },
    });
    simulator.cloud.renameSnapshot(id.slice(5), "renamed");
    const later = await host.begin(config());
    const fresh = await later.read(URN, id, outs);
    later.close();
    expect(await door.diff(URN, id, fresh.outs, inputs, inputs)).toMatchObject({
      changes: true,
      details: { name: "UPDATE" },
    });
  });

  it("shows a rotation's snapshots as records, which the state of a dynamic provider holds as lines", async () => {
    const urn = urnOf("SnapshotRotation", "nightly");
    const program = { cloudIds: ["1001"], every: "24h", keep: { daily: 7 } };
    const inputs = await door.check(urn, {}, program);
    const { id, outs } = await door.create(urn, inputs);
    const [made = ""] = simulator.cloud.snapshots().flatMap((one) => (one.id === "9001" ? [] : [one.id]));
    expect(outs.snapshots).toEqual({
      [`1001/${made}`]: expect.objectContaining({ id: `1001/${made}`, cloudId: "1001", status: "Active" }),
    });
    expect(await door.read(urn, id, outs)).toMatchObject({ outs });
  });

  it("has the same names as that of the dynamic provider", async () => {
    const { outs } = await door.create(URN, await door.check(URN, {}, { cloudId: "1001" }));
    const dynamic = URN.replace("utho:index:", "pulumi-nodejs:dynamic/utho:");
    expect(String(outs.name).slice(0, -17)).toBe(generateName(dynamic, 0).slice(0, -17));
  });

  it("stops waiting when the run is cancelled, is recorded as it is, and begins nothing more", async () => {
    await simulator.close();
    simulator = await startSimulator({ settings: { snapshotDurationMs: 600_000 } });
    door.close();
    door = await host.begin(config());
    const inputs = await door.check(URN, {}, { cloudId: "1001" });
    const creation = door.create(URN, inputs).catch((error: unknown) => error);
    await expect.poll(() => simulator.cloud.snapshots().length, { timeout: 60_000 }).toBe(1);
    await door.cancel();
    const error = await creation;
    expect(error).toBeInstanceOf(PartialError);
    expect(error).toMatchObject({
      message: expect.stringMatching(/UTHO_SNAPSHOT_NOT_READY[\s\S]*the run was cancelled/),
      id: `1001/${simulator.cloud.snapshots()[0]?.id}`,
      properties: { cloudId: "1001", __utho: {} },
    });
    const other = urnOf("Snapshot", "other");
    await expect(door.create(other, await door.check(other, {}, { cloudId: "1002" }))).rejects.toThrow(
      "UTHO_RUN_CANCELLED",
    );
    expect(writes()).toBe(1);
  });

  it("is imported by its id with the inputs that a program needs, and refused where there is nothing to import", async () => {
    const read = await door.read(URN, "1001/9001", {});
    expect(read).toMatchObject({ id: "1001/9001", inputs: { cloudId: "1001" }, outs: { name: "golden" } });
    const inputs = await door.check(URN, read.inputs, { cloudId: "1001" });
    expect((await door.diff(URN, read.id, read.outs, inputs, read.inputs)).changes).toBe(false);
    expect((await door.read(URN, " 1001/9001", {})).id).toBe("1001/9001");
    const triggered = await door.check(URN, read.inputs, { cloudId: "1001", triggers: ["v1"] });
    const first = await door.diff(URN, read.id, read.outs, triggered, read.inputs);
    expect(first).toEqual({ changes: true, replaces: [], details: { triggers: "ADD of an input" } });
    const updated = await door.update(URN, read.id, read.outs, triggered);
    const later = await door.check(URN, triggered, { cloudId: "1001", triggers: ["v2"] });
    expect((await door.diff(URN, read.id, updated, later, triggered)).replaces).toEqual(["triggers"]);
    const refused = (type: string, id: string) => expect(door.read(urnOf(type), id, {})).rejects;
    await refused("Snapshot", "1001/1").toThrow("UTHO_SNAPSHOT_NOT_FOUND");
    await refused("Snapshot", "1002/9001").toThrow("UTHO_SNAPSHOT_FOREIGN");
    await refused("Snapshot", "9001").toThrow("UTHO_ID_FORMAT");
    await refused("Snapshot", "01001/9001").toThrow("UTHO_ID_FORMAT");
    await expect(door.check(URN, {}, { cloudId: "01001" })).rejects.toThrow("UTHO_INPUT_CLOUD_ID");
    await refused("SnapshotRestore", "1001/9001").toThrow(/UTHO_IMPORT[\s\S]*change `triggers`/);
    await refused("ServerClone", "1001").toThrow(/UTHO_IMPORT[\s\S]*adoptId/);
    await refused("SnapshotRotation", "1001/nightly").toThrow(/UTHO_IMPORT[\s\S]*namePrefix/);
  });

  it("restores no second time because an id changed that no one may have written", async () => {
    const urn = urnOf("SnapshotRestore");
    const inputs = await door.check(urn, {}, { snapshot: "1001/9001" });
    const { id, outs } = await door.create(urn, inputs);
    simulator.cloud.addSnapshot({ id: "9002", cloudId: "1001", name: "newer" });
    const moved = await door.check(urn, inputs, { snapshot: "1001/9002" });
    await expect(door.diff(urn, id, outs, moved, inputs)).rejects.toThrow("UTHO_RESTORE_MOVING");
    // The newest snapshot of the server, as a look-up finds it, is by then the restore's own safety snapshot.
    const own = outs.safetySnapshotId;
    const followed = await door.check(urn, inputs, { snapshot: own });
    await expect(door.diff(urn, id, outs, followed, inputs)).rejects.toThrow("UTHO_RESTORE_MOVING");
    const undo = await door.check(urn, inputs, { snapshot: own, triggers: ["undo"] });
    expect((await door.diff(urn, id, outs, undo, inputs)).replaces).toEqual(["snapshot", "triggers"]);
  });

  it("is found by the functions, which ask nothing that a preview does not know", async () => {
    expect(await door.invoke("utho:index:getSnapshot", { cloudId: "1001" })).toMatchObject({
      id: "1001/9001",
    });
    expect(await door.invoke("utho:index:getServers", {})).toMatchObject({ servers: expect.any(Array) });
    expect(await door.invoke("utho:index:getServer", { name: UNKNOWN }, true)).toEqual({});
    await expect(door.invoke("utho:index:getServer", { nam: "web" })).rejects.toThrow("UTHO_LOOKUP_FILTER");
  });
});
