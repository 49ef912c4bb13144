import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as utho from "../../../sdk";
import { urnOf } from "../../../sdk/urn";
import { fixtures, uthoMocks } from "../../../testing";
import { RecordingMocks, valueFrom } from "./recording-mocks";

/** Two children of each kind, some of which use a sister, and a component within the component. */
class Backups extends pulumi.ComponentResource {
  readonly ids: pulumi.Output<string>[];
  readonly first: utho.Snapshot;

  constructor(name: string, depth: number, opts?: pulumi.ComponentResourceOptions) {
    super("shop:index:Backups", name, {}, opts);
    const within: pulumi.CustomResourceOptions = { parent: this };
    const keep = { last: 2 };
    this.first = new utho.Snapshot(`${name}-first`, { cloudId: "1001" }, within);
    const second = new utho.Snapshot(
      `${name}-second`,
      { cloudId: "1002" },
      { ...within, dependsOn: this.first },
    );
    const later = new utho.Snapshot(`${name}-later`, { cloudId: "1001", triggers: [second.id] }, within);
    const undo = new utho.SnapshotRestore(`${name}-undo`, { snapshot: second.id }, within);
    const copy = new utho.ServerClone(
      `${name}-copy`,
      { snapshot: this.first.id, hostname: `${name}-copy`, planId: "10045" },
      within,
    );
    const nightly = new utho.SnapshotRotation(
      `${name}-nightly`,
      { cloudId: "1001", every: "24h", keep },
      within,
    );
    const below = depth === 0 ? [] : new Backups(`${name}-below`, depth - 1, within).ids;
    this.ids = [this.first.id, second.id, later.id, undo.id, copy.id, nightly.id, ...below];
  }
}

describe("several resources in one component", () => {
  describe("under Pulumi's own mocks", () => {
    const mocks = new RecordingMocks();

    beforeAll(() => pulumi.runtime.setMocks(mocks, "shop", "prod"));
    beforeEach(() => mocks.clear());

    it("are all made, and each gives the provider its URN", async () => {
      const site = new Backups("site", 2);
      const after = new utho.Snapshot("after", { cloudId: "1001" }, { dependsOn: [site] });
      expect(await valueFrom(pulumi.all([...site.ids, after.id]))).toHaveLength(19);
      const above = "shop:index:Backups$shop:index:Backups";
      const rotation = mocks.registered.find(({ name }) => name === "site-below-nightly");
      expect(rotation?.inputs.resourceUrn).toBe(
        `urn:pulumi:prod::shop::${above}$pulumi-nodejs:dynamic/utho:SnapshotRotation::site-below-nightly`,
      );
    });

    it("have the URN that Pulumi itself makes, whatever the parent is called", async () => {
      const snapshot = new utho.Snapshot("web", { cloudId: "1001" });
      const child = new utho.Snapshot("child", { cloudId: "1001" }, { parent: snapshot });
      const odd = new pulumi.ComponentResource("shop:index:Backups", "a::b");
      const below = new utho.Snapshot("below", { cloudId: "1001" }, { parent: odd });
      await valueFrom(pulumi.all([child.id, below.id]));
      const received = (wanted: string): unknown =>
        mocks.registered.find(({ name }) => name === wanted)?.inputs.resourceUrn;
      expect(received("web")).toBe(await valueFrom(snapshot.urn));
      expect(received("child")).toBe(await valueFrom(child.urn));
      // The engine takes the type from between the second and the third "::".
      expect(received("below")).toBe(
        "urn:pulumi:prod::shop::shop:index:Backups$pulumi-nodejs:dynamic/utho:Snapshot::below",
      );
    });

    it("have their URN too when Pulumi's outputs give no promise", async () => {
      const parent = new pulumi.ComponentResource("shop:index:Backups", "plain");
      const urn = { apply: parent.urn.apply.bind(parent.urn) };
      const without: pulumi.Resource = Object.create(parent, { urn: { value: urn } });
      expect(await urnOf("child", "a:b:C", without)).toBe(
        "urn:pulumi:prod::shop::shop:index:Backups$a:b:C::child",
      );
    });

    it("show no hidden properties when one is exported whole", async () => {
      const snapshot = new utho.Snapshot("web", { cloudId: "1001" }, { customTimeouts: { create: "1h" } });
      await valueFrom(snapshot.id);
      const shown = Object.keys(snapshot).filter((key) => !key.startsWith("__"));
      expect(shown).toContain("createdAt");
      for (const hidden of ["resourceUrn", "timeouts"]) expect(shown).not.toContain(hidden);
      expect(mocks.registered[0]?.inputs).toMatchObject({ timeouts: { create: "1h" } });
    });
  });

  describe("under the mocks of this package", () => {
    let mocks: Awaited<ReturnType<typeof uthoMocks>>;

    beforeAll(async () => {
      mocks = await uthoMocks(fixtures.twoServers);
    });
    afterAll(() => mocks.close());

    it("are all made", async () => {
      const { ids } = await mocks.run(() => ({ ids: pulumi.all(new Backups("site", 1).ids) }));
      expect(ids).toHaveLength(12);
      expect(new Set([ids].flat()).size).toBe(12);
    });
  });
});
