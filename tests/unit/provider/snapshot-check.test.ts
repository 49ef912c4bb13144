import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../provider/engine/values";
import { checkSnapshot } from "../../../provider/snapshot/check";

const resourceUrn = "urn:pulumi:prod::shop::pulumi-nodejs:dynamic/utho:Snapshot::web";
const good = { cloudId: "1001", resourceUrn };

describe("check of a Snapshot", () => {
  it("uses no clock: the same inputs give the same answer, without a name", () => {
    expect(checkSnapshot(good)).toEqual({ failures: [], inputs: good });
  });

  it("takes an id that a program gave as a number", () => {
    expect(checkSnapshot({ ...good, cloudId: 1001, adoptId: 7 }).inputs).toMatchObject({
      cloudId: "1001",
      adoptId: "7",
    });
  });

  it("lets pass what preview does not know yet", () => {
    const unknown = {
      ...good,
      cloudId: UNKNOWN,
      name: UNKNOWN,
      adoptId: UNKNOWN,
      powerOff: UNKNOWN,
      waitForReady: UNKNOWN,
    };
    expect(checkSnapshot(unknown).failures).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string, string]>([
    ["no cloudId", { cloudId: undefined }, "cloudId", "UTHO_INPUT_CLOUD_ID"],
    ["an empty cloudId", { cloudId: "  " }, "cloudId", "UTHO_INPUT_CLOUD_ID"],
    ["a hostname as cloudId", { cloudId: "web-1" }, "cloudId", "UTHO_INPUT_CLOUD_ID"],
    ["a path as cloudId", { cloudId: "1001/../1002" }, "cloudId", "UTHO_INPUT_CLOUD_ID"],
    ["a negative cloudId", { cloudId: -1 }, "cloudId", "UTHO_INPUT_CLOUD_ID"],
    ["a blank name", { name: "" }, "name", "UTHO_INPUT_NAME"],
    ["a name of spaces", { name: "   " }, "name", "UTHO_INPUT_NAME"],
    ["a name with a space at its end", { name: "golden " }, "name", "UTHO_INPUT_NAME"],
    ["an over-long name", { name: "x".repeat(256) }, "name", "UTHO_INPUT_NAME"],
    ["a name of two lines", { name: "a\nb" }, "name", "UTHO_INPUT_NAME"],
    ["a number as name", { name: 7 }, "name", "UTHO_INPUT_NAME"],
    ["a resource id as adoptId", { adoptId: "1001/9001" }, "adoptId", "UTHO_INPUT_ADOPT_ID"],
    ["an empty adoptId", { adoptId: "" }, "adoptId", "UTHO_INPUT_ADOPT_ID"],
    ["a text as powerOff", { powerOff: "yes" }, "powerOff", "UTHO_INPUT_TYPE"],
    ["a text as waitForReady", { waitForReady: "false" }, "waitForReady", "UTHO_INPUT_TYPE"],
    ["a bad create timeout", { timeouts: { create: "5 minutes" } }, "timeouts", "UTHO_INPUT_TIMEOUT"],
    ["a zero delete timeout", { timeouts: { delete: "0s" } }, "timeouts", "UTHO_INPUT_TIMEOUT"],
  ])("refuses %s", (_what, news, property, code) => {
    const { failures } = checkSnapshot({ ...good, ...news });
    expect(failures).toMatchObject([{ property, reason: expect.stringContaining(code) }]);
  });
});
