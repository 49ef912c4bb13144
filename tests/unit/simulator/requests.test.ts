import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../../../simulator/index";
import { call, http, simulators } from "./harness";

const start = simulators();

describe("the request log", () => {
  it("has for each request what came, what was answered and what it meant", async () => {
    const simulator = await start();
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    await call(simulator, "GET /cloud?page=1&perpage=5");
    expect(simulator.requests.all()).toEqual([
      {
        number: 1,
        at: simulator.cloud.now(),
        method: "POST",
        path: "/v2/cloud/1001/snapshot/create",
        query: {},
        body: { name: "a" },
        operation: "snapshot.create",
        cloudId: "1001",
        status: 200,
        meaning: 'snapshot 5001 "a" of server 1001 begun',
        faults: [],
        settled: true,
      },
      expect.objectContaining({ number: 2, query: { page: "1", perpage: "5" }, operation: "server.list" }),
    ]);
  });

  it("counts by operation, and can be emptied", async () => {
    const simulator = await start();
    for (const request of ["GET /cloud", "GET /cloud", "GET /snapshot", "GET /nothing"])
      await call(simulator, request);
    expect(simulator.requests.counts()).toEqual({ "server.list": 2, "snapshot.list": 1, unknown: 1 });
    expect(simulator.requests.count()).toBe(4);
    expect(simulator.requests.count("server.list")).toBe(2);
    expect([...simulator.requests].map((one) => one.operation)).toHaveLength(4);
    simulator.requests.clear();
    expect(simulator.requests.counts()).toEqual({});
  });

  it("never holds the token, wherever a client has put it", async () => {
    const token = "s3cret/t+ken";
    const simulator = await start({ token });
    await call(simulator, `POST /cloud/${encodeURIComponent(token)}/snapshot/create`, {
      name: token,
      [token]: [token],
    });
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: token });
    await http("GET", `${simulator.url}/cloud?token=${encodeURIComponent(token)}`);
    const text = JSON.stringify(simulator.requests.all());
    expect(text).not.toContain(token);
    expect(text).not.toContain(encodeURIComponent(token));
    expect(text).toContain("[token]");
  });

  it("holds what a refused request and one that is no JSON brought", async () => {
    const simulator = await start();
    const init = { headers: { authorization: `Bearer ${simulator.token}` }, body: "{name:" };
    const reply = await http("POST", `${simulator.url}/cloud/1001/snapshot/create`, init);
    expect(reply.json).toMatchObject({ status: "error", message: expect.stringContaining("JSON") });
    expect(simulator.requests.all()).toMatchObject([
      { body: "{name:", meaning: expect.stringContaining("refused") },
    ]);
  });

  it("can be waited for", async () => {
    const simulator = await start();
    const awaited = simulator.requests.waitFor((one) => one.operation === "snapshot.list");
    await call(simulator, "GET /snapshot");
    expect(await awaited).toMatchObject({ path: "/v2/snapshot" });
    const inVain = simulator.requests.waitFor((one) => one.operation === "plan.list", 1);
    await expect(inVain).rejects.toMatchObject({
      code: "SIMULATOR_WAIT_TIMEOUT",
      message: expect.stringContaining("snapshot.list"),
    });
  });

  it("calls back before a request is looked at, so that the cloud can change between two", async () => {
    const simulator = await start();
    const stop = simulator.requests.onArrival((one) => {
      if (one.operation === "server.list") simulator.cloud.addServer({ hostname: "just-in-time" });
    });
    expect((await call(simulator, "GET /cloud")).json).toMatchObject({ meta: { total: 3 } });
    stop();
    expect((await call(simulator, "GET /cloud")).json).toMatchObject({ meta: { total: 3 } });
  });

  it("calls back when a request is done with", async () => {
    const simulator = await start();
    const seen: unknown[] = [];
    const stop = simulator.requests.onSettled((one) => seen.push(one.status));
    await call(simulator, "GET /cloud");
    await call(simulator, "GET /nothing");
    stop();
    await call(simulator, "GET /cloud");
    expect(seen).toEqual([200, 401]);
  });
});

describe("unknown calls", () => {
  it("below the base are answered in the API's words, and logged", async () => {
    const simulator = await start();
    const reply = await call(simulator, "PATCH /cloud/1001");
    expect([reply.status, reply.json]).toEqual([401, { status: "error", message: "Not Found PATCH" }]);
    expect(simulator.requests.all()).toMatchObject([{ operation: "unknown", method: "PATCH" }]);
  });

  it("elsewhere are 404 and not logged", async () => {
    const simulator = await start();
    expect((await http("GET", simulator.url.replace("/v2", "/v3"))).status).toBe(404);
    expect(simulator.requests.count()).toBe(0);
  });
});

describe("start and close", () => {
  it("two at once have addresses of their own", async () => {
    const [one, other] = [await start(), await start()];
    expect(one.port).not.toBe(other.port);
    expect(one.controlUrl).toBe(one.url.replace("/v2", "/_simulator"));
  });

  it("a taken port is a clear error", async () => {
    const { port } = await start();
    const failure = startSimulator({ port });
    await expect(failure).rejects.toMatchObject({
      code: "SIMULATOR_CANNOT_LISTEN",
      message: expect.stringContaining(`127.0.0.1:${port}`),
    });
  });

  it("listening everywhere is shown as loopback, where control answers", async () => {
    const simulator = await start({ host: "0.0.0.0" });
    expect(simulator.url).toBe(`http://127.0.0.1:${simulator.port}/v2`);
    expect((await http("GET", `${simulator.controlUrl}/state`)).status).toBe(200);
  });

  it("close destroys idle connections, hanging and held requests", async () => {
    const simulator = await startSimulator();
    simulator.faults.add({ operation: "server.list", phase: "before", kind: { hang: true } });
    simulator.faults.add({ operation: "snapshot.list", phase: "before", kind: { hold: true } });
    simulator.faults.add({ operation: "account.info", phase: "answer", kind: { slowMs: 3_600_000 } });
    const idle = connect(simulator.port, "127.0.0.1");
    const idleEnd = new Promise((resolve) => idle.once("close", resolve));
    const requests = ["GET /cloud", "GET /snapshot", "GET /account/info"].map((one) => call(simulator, one));
    const failures = Promise.allSettled(requests);
    await simulator.requests.waitFor(() => simulator.requests.count() === 3);
    await simulator.close();
    await idleEnd;
    expect((await failures).map((one) => one.status)).toEqual(["rejected", "rejected", "rejected"]);
  });

  it("can be closed twice", async () => {
    const simulator = await startSimulator();
    await simulator.close();
    await expect(simulator.close()).resolves.toBeUndefined();
  });
});
