import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import * as utho from "../../../sdk";
import { RecordingMocks } from "./recording-mocks";

describe("a preview under Pulumi's mocks", () => {
  const mocks = new RecordingMocks();

  beforeAll(() => pulumi.runtime.setMocks(mocks, "shop", "prod", true));

  it("makes no look-up by the values of a snapshot that does not exist yet, even if they are known", async () => {
    mocks.makes = false;
    const coming = new utho.Snapshot("web", { cloudId: "1001", name: "golden" });
    const found = [
      utho.getSnapshotOutput({ name: "golden", cloudId: coming.cloudId }),
      utho.getSnapshotsOutput({ nameRegex: pulumi.interpolate`^${coming.name}$` }),
      utho.getServerOutput({ cloudId: coming.cloudId }),
      utho.getServersOutput({ name: coming.id }),
    ];
    const known = await Promise.all(found.map(isKnown));
    expect(known).toEqual([false, false, false, false]);
    expect(mocks.called).toEqual([]);
  });

  it("looks for what does not depend on it", async () => {
    mocks.answers = { "utho:index:getServer": { cloudId: "1001", hostname: "web-1" } };
    expect(await isKnown(utho.getServerOutput({ name: pulumi.output("web-1") }))).toBe(true);
    expect(mocks.called).toHaveLength(1);
  });
});

/** An unknown output's continuation never runs in a preview. */
async function isKnown(output: pulumi.Output<unknown>): Promise<boolean> {
  const known: unknown = await Reflect.get(output, "isKnown");
  return known === true;
}
