import { describe, expect, it } from "vitest";
import {
  defaultSettings,
  mergeSettings,
  SimulatorError,
  type SimulatorSettings,
} from "../../../simulator/index";
import { call, simulators } from "./harness";
import { proofsOfAccount } from "./settings-account";
import { proofsOfAnswers, rateLimitOfEachToken } from "./settings-answers";
import { plansWithoutDisk, proofsOfDeploy } from "./settings-deploy";
import { proofsOfLine } from "./settings-line";
import { proofsOfListings } from "./settings-listings";
import { proofsOfPaging } from "./settings-paging";
import type { Proof } from "./settings-proof";
import { proofsOfServers } from "./settings-servers";
import { proofsOfSnapshots } from "./settings-snapshots";

const start = simulators();

/** The type makes a setting without a proof an error of compilation. */
const proofs: Record<keyof SimulatorSettings, Proof> = {
  ...proofsOfAnswers,
  ...proofsOfLine,
  ...proofsOfPaging,
  ...proofsOfDeploy,
  ...proofsOfAccount,
  ...proofsOfListings,
  ...proofsOfSnapshots,
  ...proofsOfServers,
};

describe("each setting changes what it says", () => {
  it.each(Object.entries(proofs))("%s", async (_name, proof) => {
    expect.hasAssertions();
    await proof(start);
  });

  it("rateLimit: each token has its own", () => rateLimitOfEachToken(start));
  it("plans: one can have no disk of its own", () => plansWithoutDisk(start));
});

describe("the settings object", () => {
  it("has a default for every setting that has a proof, and no other", () => {
    expect(Object.keys(defaultSettings).sort()).toEqual(Object.keys(proofs).sort());
  });

  it("lays changes over what it has, and takes undefined for no change", () => {
    const merged = mergeSettings(defaultSettings, { idsAs: "number", sizeStyle: undefined });
    expect(merged).toEqual({ ...defaultSettings, idsAs: "number" });
  });

  it.each([
    [{ colour: "red" }, /colour.*no such setting.*errorStyle/s],
    [{ errorStyle: "http500" }, /errorStyle/],
    [{ snapshotDurationMs: -1 }, /snapshotDurationMs/],
    [{ snapshotDurationMs: "4s" }, /snapshotDurationMs/],
    [{ actionTimeZone: "Mars/Olympus" }, /actionTimeZone.*IANA/],
    [{ ignoredCalls: ["server.list"] }, /ignoredCalls/],
    [{ timeZone: "Mars/Olympus" }, /timeZone.*IANA/],
    [{ rateLimit: { requests: 1 } }, /rateLimit/],
    [{ plans: [] }, /plans/],
    [{ bulkListingLacks: [5001] }, /bulkListingLacks/],
    [{ slowAnswers: { "snapshot.rename": {} } }, /slowAnswers/],
    [{ slowAnswers: { "snapshot.create": { forMs: 1 } } }, /slowAnswers/],
    [null, /object/],
    [["errorStyle"], /object/],
  ])("refuses %j", (changes, message) => {
    expect(() => mergeSettings(defaultSettings, changes)).toThrow(message);
    expect(() => mergeSettings(defaultSettings, changes)).toThrow(SimulatorError);
    expect(() => mergeSettings(defaultSettings, changes)).toThrow(
      expect.objectContaining({ code: "SIMULATOR_BAD_SETTING" }),
    );
  });

  it("can be changed while the simulator runs; running operations keep theirs", async () => {
    const simulator = await start({ settings: { snapshotDurationMs: 1000 } });
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "slow" });
    simulator.cloud.setSettings({ snapshotDurationMs: 5 });
    await call(simulator, "POST /cloud/1002/snapshot/create", { name: "fast" });
    simulator.advance(5);
    expect(simulator.cloud.snapshots()).toMatchObject([{ status: "Pending" }, { status: "Active" }]);
  });

  it("belongs to one simulator", async () => {
    const [one, other] = [await start(), await start()];
    one.cloud.setSettings({ idsAs: "number" });
    one.cloud.addSnapshot({ cloudId: "1001", name: "a" });
    expect(other.cloud.settings().idsAs).toBe("string");
    expect(other.cloud.snapshots()).toEqual([]);
  });
});
