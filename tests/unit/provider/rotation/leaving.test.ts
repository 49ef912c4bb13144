import { afterEach, describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../provider/engine/values";
import { RotationRig } from "./rotation-rig";

const SERVERS = ["1001", "1002", "1003"].map((cloudId, index) => ({ cloudId, hostname: `web-${index + 1}` }));
const ALL = { cloudIds: ["1001", "1002", "1003"], every: "24h", keep: { last: 7 } };
const SHORTER = { ...ALL, cloudIds: ["1001", "1002"], onRemove: "delete" };

describe("a server that leaves a rotation with onRemove: delete", () => {
  let rig: RotationRig;
  afterEach(() => rig.simulator.close());

  async function begun(): Promise<void> {
    rig = await RotationRig.start({ servers: SERVERS });
    await rig.up(ALL);
  }

  it("is announced by the preview, with what goes", async () => {
    await begun();
    const { said } = await rig.preview(SHORTER);
    expect(said.join("\n")).toMatch(
      /web-3 \(1003\) leaves the rotation: its only snapshot \(₹\d+ a month: 1003\/\d+\) is deleted \(onRemove: "delete"\)\./,
    );
    expect((await rig.up(SHORTER)).writes).toEqual(["snapshot.delete"]);
    expect(await rig.preview(SHORTER)).toEqual({ changed: false, said: [] });
  });

  it("is announced as possible while one or all servers are unknown", async () => {
    await begun();
    const some = await rig.preview({ ...SHORTER, cloudIds: ["1001", UNKNOWN] });
    expect(some.said.join("\n")).toMatch(
      /Not known before the update: whether .*1002.*1003.* stays in the rotation\..* If not, all 2 snapshots .* are deleted/,
    );
    const none = await rig.preview({ ...SHORTER, cloudIds: UNKNOWN });
    expect(none.said.join("\n")).toMatch(
      /whether .*1001.*1002.*1003.* stays in the rotation\..* If not, all 3 snapshots .* are deleted/,
    );
    expect((await rig.preview({ ...ALL, cloudIds: UNKNOWN })).said.join("\n")).not.toContain("are deleted");
  });

  it("loses nothing while the rotation is paused, and is cleared when it goes on", async () => {
    await begun();
    const paused = { ...SHORTER, paused: true };
    expect((await rig.preview(paused)).said.join("\n")).toContain(
      "is kept while the rotation is paused, and deleted when it goes on",
    );
    expect((await rig.up(paused)).writes).toEqual([]);
    expect(rig.state.leaving).toEqual(["1003"]);
    expect(await rig.up(paused)).toMatchObject({ changed: false });
    expect((await rig.preview(SHORTER)).said.join("\n")).toContain("1003) leaves the rotation");
    expect((await rig.up(SHORTER)).writes).toEqual(["snapshot.delete"]);
    expect(rig.names("1003")).toEqual([]);
    expect(await rig.up(SHORTER)).toMatchObject({ changed: false });
  });
});
