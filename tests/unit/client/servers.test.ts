import { describe, expect, it } from "vitest";
import { ArgumentError, type DeployRequest, type PowerAction } from "../../../client";
import { against, failureOf } from "./harness";
import { wireServer, wireSnapshot } from "./schema/answers";
import { type Call, html, json, type Reply, raw, refusal, success } from "./scripted-server";

function page(number: number, reply: Reply): Call {
  return { method: "GET", path: `/cloud?page=${number}&perpage=100`, reply };
}

function range(from: number, to: number) {
  return Array.from({ length: to - from + 1 }, (_, index) => wireServer(from + index));
}

describe("servers.list", () => {
  it("reads one page when there is one", async () => {
    const meta = { total: "2", totalpages: "1", currentpage: 1 };
    const { client } = await against([page(1, success({ cloud: range(1, 2), meta }))]);
    const servers = await client.servers.list();
    expect(servers.map((server) => server.cloudId)).toEqual(["1", "2"]);
    expect(servers[0]?.snapshots).toBeUndefined();
  });

  it("reads all pages", async () => {
    const meta = { total: 250, totalpages: 3 };
    const { client } = await against([
      page(1, success({ cloud: range(1, 100), meta })),
      page(2, success({ cloud: range(101, 200), meta })),
      page(3, success({ cloud: range(201, 250), meta })),
    ]);
    expect(await client.servers.list()).toHaveLength(250);
  });

  it("reads up to an empty page when nothing is counted", async () => {
    const { client } = await against([
      page(1, json({ cloud: range(1, 3) })),
      page(2, json({ cloud: [] })),
      page(1, json({ cloud: range(1, 3) })),
      page(2, json({ cloud: [] })),
    ]);
    expect(await client.servers.list()).toHaveLength(3);
  });

  it("reads again when the pages shifted", async () => {
    const meta = { total: 102, totalpages: 2 };
    const { client } = await against([
      page(1, success({ cloud: range(1, 100), meta })),
      // Server 1 was deleted meanwhile: 101 has slipped to page 1.
      page(2, success({ cloud: range(102, 102), meta: { total: 101, totalpages: 2 } })),
      page(1, success({ cloud: range(2, 101), meta: { total: 101, totalpages: 2 } })),
      page(2, success({ cloud: range(102, 102), meta: { total: 101, totalpages: 2 } })),
    ]);
    expect((await client.servers.list()).map((server) => server.cloudId)).toEqual(
      range(2, 102).map((server) => String(server.cloudid)),
    );
  });

  it.each<[string, unknown]>([
    ["an empty list", { cloud: [], meta: { total: 0 } }],
    ["no list and a total of 0", { meta: { total: 0 } }],
    ["null and a total of 0", { cloud: null, meta: { total: "0" } }],
  ])("gives no servers for %s", async (_what, answer) => {
    const { client } = await against([page(1, json(answer))]);
    expect(await client.servers.list()).toEqual([]);
  });

  it.each<[string, Reply]>([
    ["no list", success()],
    ["nothing", raw("")],
    ["null", raw("null")],
    ["a bare list", json([wireServer(1)])],
    ["a server without an id", success({ cloud: [wireServer(1), { hostname: "x" }] })],
  ])("refuses an answer with %s", async (_what, reply) => {
    const { client } = await against([page(1, reply)]);
    expect(await failureOf(client.servers.list())).toMatchObject({
      code: "UTHO_UNEXPECTED_RESPONSE",
      reason: "shape",
      operation: "servers.list",
    });
  });

  it("names the place of what it cannot read, and not the value", async () => {
    const { client } = await against([page(1, success({ cloud: [{ cloudid: { secret: "s3cr3t" } }] }))]);
    const error = await failureOf(client.servers.list());
    expect(error.message).toContain("cloud.0.cloudid is missing or unusable");
    expect(error.message).not.toContain("s3cr3t");
  });
});

describe("servers.get", () => {
  const get = (reply: Reply): Call => ({ method: "GET", path: "/cloud/1001", reply });

  it.each<[string, unknown]>([
    ["a list", { cloud: [wireServer("1001", { snapshots: [wireSnapshot(7)] })], status: "success" }],
    ["an object in place of the list", { cloud: wireServer(1001, { snapshots: [wireSnapshot("7")] }) }],
    ["more than the one", { cloud: [wireServer(5), wireServer(1001, { snapshots: [wireSnapshot(7)] })] }],
  ])("reads %s", async (_what, answer) => {
    const { client } = await against([get(json(answer))]);
    expect(await client.servers.get(1001)).toMatchObject({
      cloudId: "1001",
      hostname: "host-1001",
      snapshots: [{ id: "7", cloudId: "1001", name: "snap-7", sizeGb: 50 }],
    });
  });

  it.each<[string, Reply]>([
    ["an empty list", success({ cloud: [] })],
    ["an empty object for it", success({ cloud: {} })],
    ["null for it beside the word of success", success({ cloud: null })],
    ["false for it beside the word of success", success({ cloud: false })],
    ["a refusal that says so", refusal("Cloud server not found")],
    ["HTTP 404 that says so", json({ status: "error", message: "Server not found" }, { status: 404 })],
    ["HTTP 404 with an error entry", json({ errors: [{ message: "x", code: "y" }] }, { status: 404 })],
  ])("gives undefined for %s", async (_what, reply) => {
    const { client } = await against([get(reply)]);
    expect(await client.servers.get("1001")).toBeUndefined();
  });

  it.each<[string, Reply, string]>([
    ["a gateway's 404", html(404), "UTHO_UNEXPECTED_RESPONSE"],
    ["an empty 404", raw("", { status: 404 }), "UTHO_UNEXPECTED_RESPONSE"],
    ["success without a list", success(), "UTHO_UNEXPECTED_RESPONSE"],
    ["null in place of the list and no word", json({ cloud: null }), "UTHO_UNEXPECTED_RESPONSE"],
    ["another server", success({ cloud: [wireServer(5)] }), "UTHO_UNEXPECTED_RESPONSE"],
    ["an empty body", raw(""), "UTHO_UNEXPECTED_RESPONSE"],
    ["an unclear refusal", refusal("Invalid cloudid"), "UTHO_BAD_REQUEST"],
    ["a refused token", refusal("Token not found"), "UTHO_AUTH"],
  ])("does not take %s for a server that is gone", async (_what, reply, code) => {
    const { client } = await against([get(reply)]);
    expect(await failureOf(client.servers.get("1001"))).toMatchObject({ code });
  });
});

describe("servers.deploy", () => {
  const request: DeployRequest = { hostname: "web", dcslug: "innoida", planId: "10045", snapshotId: 77 };
  const post = (body: unknown, reply: Reply): Call => ({
    method: "POST",
    path: "/cloud/deploy",
    body,
    reply,
  });
  const body = { dcslug: "innoida", planid: "10045", snapshotid: "77", cloud: [{ hostname: "web" }] };

  it("sends what was given, and gives what came back", async () => {
    const answer = success({ cloudid: 2001, password: "p", ipv4: "203.0.113.9", message: "deployed" });
    const { client } = await against([post(body, answer)]);
    expect(await client.servers.deploy(request)).toEqual({
      cloudId: "2001",
      password: "p",
      ipv4: "203.0.113.9",
      message: "deployed",
      acknowledged: true,
    });
  });

  it("knows all fields", async () => {
    const all: DeployRequest = {
      hostname: "web",
      dcslug: "innoida",
      planId: "10045",
      image: "ubuntu-22.04",
      billingCycle: "hourly",
      auth: "option2",
      rootPassword: "r",
      sshKeys: [5, "6"],
      firewall: "23",
      vpcId: "v-1",
      enablePublicIp: false,
      subnetRequired: true,
      cpuModel: "amd",
    };
    const { client } = await against([
      post(
        {
          dcslug: "innoida",
          planid: "10045",
          image: "ubuntu-22.04",
          billingcycle: "hourly",
          auth: "option2",
          root_password: "r",
          sshkeys: "5,6",
          firewall: "23",
          vpc: "v-1",
          enable_publicip: "false",
          subnetRequired: "true",
          cpumodel: "amd",
          cloud: [{ hostname: "web" }],
        },
        success(),
      ),
    ]);
    expect(await client.servers.deploy(all)).toEqual({ acknowledged: true });
  });

  it.each<[string, Reply, unknown]>([
    ["nothing", raw(""), { acknowledged: false }],
    ["null", raw("null"), { acknowledged: false }],
    ["another shape", json([1]), { acknowledged: false }],
    ["an id and no status", json({ cloudid: "5" }), { acknowledged: true, cloudId: "5" }],
  ])("understands %s", async (_what, reply, expected) => {
    const { client } = await against([post(body, reply)]);
    expect(await client.servers.deploy(request)).toEqual(expected);
  });

  it.each<[string, Partial<DeployRequest>, RegExp]>([
    [
      "nothing to put on its disk",
      { snapshotId: undefined },
      /exactly one of image, snapshotId and backupId/,
    ],
    ["two things", { image: "x" }, /exactly one of/],
    ["an invalid snapshot id", { snapshotId: "1001/77" }, /snapshotId must be a number/],
    ["an invalid SSH key id", { sshKeys: ["ssh-rsa AAAA"] }, /sshKeys must be a number/],
    ["no host name", { hostname: " " }, /hostname is missing/],
    ["no place", { dcslug: "" }, /dcslug is missing/],
    ["no plan", { planId: "" }, /planId is missing/],
  ])("refuses %s before anything is sent", async (_what, change, message) => {
    const { client } = await against([]);
    const error = await failureOf(client.servers.deploy({ ...request, ...change }));
    expect(error).toBeInstanceOf(ArgumentError);
    expect(error.message).toMatch(message);
  });
});

describe("servers.destroy", () => {
  const confirm = "I am aware this action will delete data and server permanently";
  const call = (reply: Reply, text = confirm): Call => ({
    method: "DELETE",
    path: "/cloud/1001/destroy",
    body: { confirm: text, confirm_name: "web-1" },
    reply,
  });

  it("confirms by the sentence and by the name", async () => {
    const { client } = await against([call(success({ message: "deleted" }))]);
    expect(await client.servers.destroy("1001", "web-1")).toEqual({ acknowledged: true, message: "deleted" });
  });

  it.each(["Please confirm the hostname", "confirm_name does not match", "Confirmation text is wrong"])(
    "confirms by the name alone after the refusal: %s",
    async (words) => {
      const { client } = await against([call(refusal(words)), call(success(), "web-1")]);
      expect(await client.servers.destroy("1001", "web-1")).toEqual({ acknowledged: true });
    },
  );

  it("takes any other refusal for an answer", async () => {
    const { client } = await against([call(refusal("Termination protection is on"))]);
    expect(await failureOf(client.servers.destroy("1001", "web-1"))).toMatchObject({
      code: "UTHO_BAD_REQUEST",
    });
  });

  it("says that there is no such server", async () => {
    const { client } = await against([call(refusal("Server not found"))]);
    expect(await failureOf(client.servers.destroy("1001", "web-1"))).toMatchObject({
      code: "UTHO_NOT_FOUND",
    });
  });
});

describe("servers.power", () => {
  const call = (action: string, reply: Reply): Call => ({
    method: "POST",
    path: `/cloud/1001/${action}`,
    reply,
  });

  it.each<[PowerAction]>([["poweron"], ["poweroff"], ["powercycle"], ["hardreboot"]])(
    "asks for %s",
    async (action) => {
      const { client } = await against([call(action, success())]);
      expect(await client.servers.power(1001, action)).toEqual({ acknowledged: true });
    },
  );

  it.each<[string, Reply, unknown]>([
    ["an empty body", raw(""), { acknowledged: false }],
    ["null", raw("null"), { acknowledged: false }],
    ["HTTP 204", raw("", { status: 204 }), { acknowledged: false }],
    ["an empty object", json({}), { acknowledged: false }],
    ["a message without a status", json({ message: "started" }), { acknowledged: true, message: "started" }],
    ["stray bytes before it", raw('\uFEFFx{"status":"success"}'), { acknowledged: true }],
  ])("understands %s", async (_what, reply, expected) => {
    const { client } = await against([call("poweroff", reply)]);
    expect(await client.servers.power(1001, "poweroff")).toEqual(expected);
  });

  it("refuses another word before anything is sent", async () => {
    const { client } = await against([]);
    const call = Reflect.apply(client.servers.power, client.servers, [1001, "destroy"]);
    expect(await failureOf(call)).toBeInstanceOf(ArgumentError);
  });
});

it.each<[string | number]>([[""], ["x"], ["1/.."], [-1], [1.5]])(
  "every call refuses the server id %j before anything is sent",
  async (id) => {
    const { client } = await against([]);
    const { servers, snapshots } = client;
    const all = [
      servers.get(id),
      servers.destroy(id, "web-1"),
      servers.power(id, "poweron"),
      snapshots.create(id, "name"),
      snapshots.restore(id, 1),
      snapshots.restore(1, id),
      snapshots.delete(id, 1),
      snapshots.delete(1, id),
    ];
    for (const call of all) expect(await failureOf(call)).toBeInstanceOf(ArgumentError);
  },
);
