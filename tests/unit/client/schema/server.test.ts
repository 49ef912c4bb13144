import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { readDeployment } from "../../../../client/deploy";
import { server, serverPage } from "../../../../client/servers";
import { serverStatus } from "../../../../client/status";
import { nonsense, shuffled, wireServer, wireSnapshot } from "./answers";

const FULL = {
  cloudId: "1001",
  hostname: "host-1001",
  status: serverStatus("Active"),
  powerStatus: serverStatus("Running"),
  ip: "203.0.113.7",
  diskSizeGb: 80,
  cpu: 2,
  ramMb: 2048,
  cost: 590.5,
  createdAt: "2026-01-02T03:04:05",
  location: { location: "Delhi (Noida)", country: "India", dc: "innoida", dccc: "in" },
};

describe("a server", () => {
  it("as Utho's own client knows it", () => {
    expect(v.parse(server, wireServer("1001"))).toStrictEqual(FULL);
  });

  it("with numbers as text and text as numbers", () => {
    const wire = wireServer(1001, { disksize: "80GB", cpu: 2, ram: 2048, cost: "590.50" });
    expect(v.parse(server, wire)).toStrictEqual(FULL);
  });

  it("with nothing but an id", () => {
    expect(v.parse(server, { cloudid: 1 })).toStrictEqual({ cloudId: "1", hostname: "" });
  });

  it.each<[string, unknown, unknown]>([
    ["no list", {}, undefined],
    ["null", { snapshots: null }, undefined],
    ["an empty list", { snapshots: [] }, []],
    ["an empty object, as PHP may write an empty list", { snapshots: {} }, []],
    ["an empty text in place of a list", { snapshots: "" }, undefined],
    ["false in place of a list", { snapshots: false }, undefined],
    ["one snapshot", { snapshots: [{ id: 7, name: "a" }] }, [{ id: "7", cloudId: "1", name: "a" }]],
    [
      "one that claims another server",
      { snapshots: [{ id: 7, cloudid: 9 }] },
      [{ id: "7", cloudId: "1", name: "" }],
    ],
  ])("has, of snapshots: %s", (_what, rest, snapshots) => {
    expect(v.parse(server, { cloudid: 1, ...Object(rest) }).snapshots).toStrictEqual(snapshots);
  });

  it.each<[unknown]>([[[wireSnapshot(1), {}]], ["none"], [{ a: 1 }], [5]])(
    "is refused with the snapshots %j",
    (list) => {
      expect(v.safeParse(server, wireServer(1, { snapshots: list })).success).toBe(false);
    },
  );

  it.each<[unknown]>([[null], [[]], ["Delhi"], [7]])("tolerates the place %j", (dclocation) => {
    expect(v.parse(server, wireServer(1, { dclocation })).location).toBeUndefined();
  });

  it("is the same whatever the order of its keys", () => {
    fc.assert(
      fc.property(shuffled(wireServer(1001)), (wire) => {
        expect(v.parse(server, wire)).toStrictEqual(FULL);
      }),
    );
  });

  it("with an id can be read whatever else is wrong with it", () => {
    const keys = Object.keys(wireServer(1)).filter((key) => key !== "cloudid");
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.dictionary(fc.constantFrom(...keys), nonsense), (cloudid, rest) => {
        expect(v.parse(server, { ...rest, cloudid }).cloudId).toBe(String(cloudid));
      }),
    );
  });
});

describe("a page of servers", () => {
  it.each<[string, unknown, string[] | undefined]>([
    ["a list", [wireServer(1), wireServer(2)], ["1", "2"]],
    ["one server in place of the list", wireServer(1), ["1"]],
    ["a list with gaps", { 3: wireServer(1), 5: wireServer(2) }, ["1", "2"]],
    ["an empty list", [], []],
    ["null", null, undefined],
  ])("may be %s", (_what, cloud, ids) => {
    const page = v.parse(serverPage, { cloud });
    expect(page.cloud?.map((one) => one.cloudId)).toEqual(ids);
  });

  it.each<[string, unknown]>([
    ["a server without an id", [{ hostname: "x" }]],
    ["null among the servers", [null]],
    ["an object that is no server", { a: 1 }],
    ["text", "none"],
  ])("is refused with %s", (_what, cloud) => {
    expect(v.safeParse(serverPage, { cloud }).success).toBe(false);
  });

  it.each<[unknown]>([[undefined], [null], ["x"], [[]], [{ total: {} }], [{ total: "many" }]])(
    "tolerates the meta %j",
    (meta) => {
      expect(v.safeParse(serverPage, { cloud: [], meta }).success).toBe(true);
    },
  );
});

it("a deployment holds what the answer said and nothing else", () => {
  const request = { operation: "servers.deploy", method: "POST", path: "/cloud/deploy" } as const;
  const json = { cloudid: 5, ipv4: "", password: "p", status: "success", x: 1 };
  expect(readDeployment({ request, status: 200, json, verdict: "success", attempts: 1 })).toStrictEqual({
    acknowledged: true,
    cloudId: "5",
    password: "p",
  });
});
