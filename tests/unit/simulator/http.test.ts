import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { createRouter } from "../../../simulator/http/router";
import { call, http, simulators } from "./harness";

const start = simulators();

describe("a route", () => {
  const find = createRouter([
    { method: "GET", path: "/cloud/:cloudid" },
    { method: "GET", path: "/cloud/getdeploy" },
    { method: "DELETE", path: "/cloud/:cloudid/snapshot/:snapshotid/delete" },
    { method: "GET", path: "" },
  ]);

  it.each<[string, string, string | undefined, object]>([
    ["GET", "/cloud/getdeploy", "/cloud/getdeploy", {}],
    ["GET", "/cloud/1001", "/cloud/:cloudid", { cloudid: "1001" }],
    ["GET", "/cloud/1001/", "/cloud/:cloudid", { cloudid: "1001" }],
    ["GET", "/cloud/a%20b%2Fc", "/cloud/:cloudid", { cloudid: "a b/c" }],
    ["GET", "/cloud/100%", "/cloud/:cloudid", { cloudid: "100%" }],
    [
      "DELETE",
      "/cloud/1/snapshot/2/delete",
      "/cloud/:cloudid/snapshot/:snapshotid/delete",
      { cloudid: "1", snapshotid: "2" },
    ],
    ["GET", "/", "", {}],
    ["POST", "/cloud/1001", undefined, {}],
    ["GET", "/cloud/", undefined, {}],
    ["GET", "/cloud/1001/other", undefined, {}],
    ["DELETE", "/cloud//snapshot/2/delete", undefined, {}],
  ])("of %s %s is %s", (method, path, route, params) => {
    const match = find(method, path);
    expect(match?.route.path).toBe(route);
    expect(match?.params ?? {}).toEqual(params);
  });
});

describe("a request", () => {
  it("may ask for a name twice, which the log shows", async () => {
    const simulator = await start();
    await call(simulator, "GET /cloud?page=1&page=2&perpage=5");
    expect(simulator.requests.all()).toMatchObject([{ query: { page: ["1", "2"], perpage: "5" } }]);
  });

  it("without a route is answered by the API below /v2, and named elsewhere", async () => {
    const simulator = await start();
    expect((await call(simulator, "PUT /cloud")).json).toMatchObject({ message: "Not Found PUT" });
    const astray = await http("GET", simulator.url.replace("/v2", "/v3/cloud"));
    expect([astray.status, astray.text]).toEqual([404, expect.stringContaining("/_simulator")]);
  });

  it("with a body beyond all reason is refused before anything looks at it", async () => {
    const simulator = await start();
    const reply = await call(simulator, "POST /cloud/1001/snapshot/create", { name: "x".repeat(1_100_000) });
    expect(reply.status).toBe(413);
    expect(simulator.requests.count()).toBe(0);
  });

  it("cut off in the middle of its body does nothing", async () => {
    const simulator = await start();
    const socket = connect(simulator.port, "127.0.0.1");
    const head = `POST /v2/cloud/1001/snapshot/create HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n`;
    await new Promise<void>((done) => {
      socket.write(`${head}Authorization: Bearer ${simulator.token}\r\n\r\n{"name":`, () => done());
    });
    const closed = new Promise((done) => socket.once("close", done));
    socket.resume().end();
    await closed;
    expect((await call(simulator, "GET /cloud")).status).toBe(200);
    expect(simulator.requests.counts()).toEqual({ "server.list": 1 });
    expect(simulator.cloud.snapshots()).toEqual([]);
  });
});

it("a simulator can be closed twice, and while an answer is under way", async () => {
  const simulator = await start();
  simulator.faults.add({ operation: "server.list", phase: "answer", kind: { hang: true } });
  const waiting = call(simulator, "GET /cloud").catch(() => "cut");
  await simulator.requests.waitFor((one) => one.operation === "server.list");
  await simulator.close();
  await simulator.close();
  expect(await waiting).toBe("cut");
});
