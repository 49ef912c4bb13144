import { describe, expect, it } from "vitest";
import {
  type Fault,
  type FaultPhase,
  faultKindNames,
  faultPhases,
  operationNames,
  type Simulator,
  SimulatorError,
} from "../../../simulator/index";
import { call, control, http, type Reply, simulators, takeSnapshot } from "./harness";

const start = simulators();

/** A create that meets a fault; `undefined` where no whole answer came back. */
async function createUnder(
  simulator: Simulator,
  fault: Omit<Fault, "operation">,
): Promise<Reply | undefined> {
  simulator.faults.add({ operation: "snapshot.create", ...fault });
  return call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" }).catch(() => undefined);
}

/** What the client sees of each kind that ends by itself. */
const views: Record<string, { kind: Fault["kind"]; see(reply: Reply | undefined): void }> = {
  status: {
    kind: { status: 503, retryAfter: 7 },
    see: (reply) => {
      expect(reply?.status).toBe(503);
      expect(reply?.headers.get("retry-after")).toBe("7");
      expect(reply?.json).toMatchObject({ status: "error" });
    },
  },
  cut: { kind: { cut: true }, see: (reply) => expect(reply).toBeUndefined() },
  html: {
    kind: { html: true, status: 504 },
    see: (reply) => {
      expect(reply?.status).toBe(504);
      expect(reply?.headers.get("content-type")).toContain("text/html");
      expect(reply?.text).toContain("504 from the gateway");
    },
  },
  garbled: {
    kind: { garbled: true },
    see: (reply) => {
      expect(reply?.status).toBe(200);
      expect(reply?.text.length).toBeGreaterThan(0);
      expect(reply?.json).toBeUndefined();
    },
  },
  halfBody: { kind: { halfBody: true }, see: (reply) => expect(reply).toBeUndefined() },
  slowMs: { kind: { slowMs: 5 }, see: (reply) => expect(reply?.json).toMatchObject({ status: "success" }) },
  errorIn200: {
    kind: { errorIn200: "Internal problem" },
    see: (reply) => {
      expect(reply?.status).toBe(200);
      expect(reply?.json).toEqual({ status: "error", message: "Internal problem" });
    },
  },
  emptyBody: {
    kind: { emptyBody: true },
    see: (reply) => expect([reply?.status, reply?.text]).toEqual([200, ""]),
  },
  redirectTo: {
    kind: { redirectTo: "http://elsewhere.invalid/v2", status: 307 },
    see: (reply) => {
      expect(reply?.status).toBe(307);
      expect(reply?.headers.get("location")).toBe("http://elsewhere.invalid/v2");
    },
  },
  hugeBytes: {
    kind: { hugeBytes: 100_000 },
    see: (reply) => {
      expect(reply?.text.length).toBe(100_000);
      expect(reply?.json).toMatchObject({ status: "success" });
    },
  },
};

/** Whether the snapshot exists after a create that met this fault. */
function applied(phase: FaultPhase, kind: string): boolean {
  return phase !== "before" || kind === "slowMs";
}

describe("each kind in each phase", () => {
  const whole = '{"message":"Snapshot creation has been started","status":"success"}';
  const cases = faultPhases.flatMap((phase) => Object.keys(views).map((kind) => ({ phase, kind })));

  it.each(cases)("$phase: $kind", async ({ phase, kind }) => {
    const simulator = await start();
    const view = views[kind];
    if (view === undefined) throw new Error(`No view of ${kind}`);
    view.see(await createUnder(simulator, { phase, kind: view.kind }));
    expect(simulator.cloud.snapshots()).toHaveLength(applied(phase, kind) ? 1 : 0);
    simulator.faults.assertAllFired();
    const [request] = simulator.requests.all("snapshot.create");
    expect(request?.faults).toEqual([{ phase, kind: view.kind }]);
    const next = await call(simulator, "POST /cloud/1002/snapshot/create", { name: "a" });
    expect(next.text).toBe(whole);
  });

  it.each(faultPhases)("%s: hang, until the client gives up", async (phase) => {
    const simulator = await start();
    simulator.faults.add({ operation: "snapshot.create", phase, kind: { hang: true } });
    const patience = new AbortController();
    const answer = http("POST", `${simulator.url}/cloud/1001/snapshot/create`, {
      headers: { authorization: `Bearer ${simulator.token}` },
      body: '{"name":"a"}',
      signal: patience.signal,
    });
    const logged = await simulator.requests.waitFor((one) => one.faults.length > 0);
    patience.abort();
    await expect(answer).rejects.toThrow();
    expect(logged.status).toBeUndefined();
    expect(simulator.cloud.snapshots()).toHaveLength(phase === "before" ? 0 : 1);
  });

  it.each(faultPhases)("%s: hold, until released", async (phase) => {
    const simulator = await start();
    simulator.faults.add({ operation: "snapshot.create", phase, kind: { hold: true } });
    const answer = call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    await expect.poll(() => simulator.faults.held).toBe(1);
    expect(simulator.cloud.snapshots()).toHaveLength(phase === "before" ? 0 : 1);
    expect(simulator.faults.release()).toBe(1);
    expect((await answer).json).toMatchObject({ status: "success" });
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    expect(simulator.faults.held).toBe(0);
  });

  it("shows every kind that there is", () => {
    expect([...Object.keys(views), "hang", "hold"].sort()).toEqual([...faultKindNames].sort());
  });
});

describe("what a fault can carry", () => {
  it("a body of its own: JSON or text", async () => {
    const simulator = await start();
    const odd = { errors: [{ code: 7 }] };
    const json = await createUnder(simulator, { phase: "answer", kind: { status: 500, body: odd } });
    expect([json?.status, json?.json]).toEqual([500, odd]);
    const text = await createUnder(simulator, {
      phase: "answer",
      kind: { status: 200, body: "upstream timeout" },
    });
    expect([text?.status, text?.text]).toEqual([200, "upstream timeout"]);
    const nothing = await createUnder(simulator, { phase: "answer", kind: { status: 200, body: null } });
    expect([nothing?.status, nothing?.text]).toEqual([200, "null"]);
  });

  it("garbage of its own", async () => {
    const simulator = await start();
    const reply = await createUnder(simulator, { phase: "after", kind: { garbled: '{"status":"succ' } });
    expect([reply?.status, reply?.text]).toEqual([200, '{"status":"succ']);
  });
});

describe("which request a fault strikes", () => {
  const failing = { status: 503 };
  const read = async (simulator: Simulator, cloudId = "1001") =>
    (await call(simulator, `GET /cloud/${cloudId}`)).status;

  it("so many of one operation, no other operation", async () => {
    const simulator = await start();
    simulator.faults.add({ operation: "server.read", phase: "before", kind: failing, times: 2 });
    expect((await call(simulator, "GET /cloud")).status).toBe(200);
    expect([await read(simulator), await read(simulator), await read(simulator)]).toEqual([503, 503, 200]);
  });

  it("after the first n", async () => {
    const simulator = await start();
    simulator.faults.add({ operation: "server.read", phase: "before", kind: failing, skip: 2 });
    expect([
      await read(simulator),
      await read(simulator),
      await read(simulator),
      await read(simulator),
    ]).toEqual([200, 200, 503, 200]);
  });

  it("of one server", async () => {
    const simulator = await start();
    simulator.faults.add({ operation: "server.read", phase: "before", kind: failing, cloudId: "1002" });
    expect([await read(simulator), await read(simulator, "1002"), await read(simulator, "1002")]).toEqual([
      200, 503, 200,
    ]);
  });

  it("of any operation, always", async () => {
    const simulator = await start();
    simulator.faults.add({ operation: "*", phase: "answer", kind: failing, times: "always" });
    expect(simulator.faults.pending()).toHaveLength(1);
    expect([await read(simulator), (await call(simulator, "GET /snapshot")).status]).toEqual([503, 503]);
    expect(simulator.faults.pending()).toEqual([]);
    simulator.faults.clear();
    expect(await read(simulator)).toBe(200);
  });

  it("one after another in the order of their adding", async () => {
    const simulator = await start();
    for (const status of [500, 502, 504]) {
      simulator.faults.add({ operation: "server.read", phase: "before", kind: { status } });
    }
    expect([await read(simulator), await read(simulator), await read(simulator)]).toEqual([500, 502, 504]);
  });

  it("`after` waits for a request that has an effect: a refused one goes by", async () => {
    const simulator = await start();
    const id = await takeSnapshot(simulator, "1001", "a");
    simulator.faults.add({ operation: "snapshot.delete", phase: "after", kind: { cut: true } });
    const refused = await call(simulator, "DELETE /cloud/1001/snapshot/404/delete");
    expect(refused.json).toMatchObject({ status: "error" });
    expect(simulator.faults.pending()).toHaveLength(1);
    await expect(call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`)).rejects.toThrow();
    expect(simulator.cloud.snapshots()).toEqual([]);
  });

  it("`answer` strikes refusals as well", async () => {
    const simulator = await start();
    simulator.faults.add({ operation: "snapshot.delete", phase: "answer", kind: { emptyBody: true } });
    const reply = await call(simulator, "DELETE /cloud/1001/snapshot/404/delete");
    expect([reply.status, reply.text]).toEqual([200, ""]);
  });

  it("a held `before` is applied even when its client has gone", async () => {
    const simulator = await start();
    simulator.faults.add({ operation: "snapshot.create", phase: "before", kind: { hold: true } });
    const patience = new AbortController();
    const answer = http("POST", `${simulator.url}/cloud/1001/snapshot/create`, {
      headers: { authorization: `Bearer ${simulator.token}` },
      body: '{"name":"late"}',
      signal: patience.signal,
    });
    await expect.poll(() => simulator.faults.held).toBe(1);
    patience.abort();
    await expect(answer).rejects.toThrow();
    expect(simulator.cloud.snapshots()).toEqual([]);
    simulator.faults.release();
    await expect.poll(() => simulator.cloud.snapshots()).toMatchObject([{ name: "late" }]);
  });
});

describe("faults that make no sense are refused at once", () => {
  it.each([
    [{ operation: "snapshot.rename", phase: "before", kind: { cut: true } }, /operation.*snapshot\.create/],
    [{ operation: "snapshot.create", phase: "during", kind: { cut: true } }, /phase.*before, after, answer/],
    [{ operation: "snapshot.create", phase: "before", kind: { explode: true } }, /kind.*halfBody/],
    [{ operation: "snapshot.create", phase: "before", kind: { cut: false } }, /kind/],
    [{ operation: "snapshot.create", phase: "before", kind: { status: 99 } }, /kind/],
    [{ operation: "snapshot.create", phase: "before", kind: { cut: true, hang: true } }, /kind/],
    [{ operation: "snapshot.create", phase: "before", kind: { redirectTo: "x", status: 200 } }, /kind/],
    [{ operation: "snapshot.create", phase: "before", kind: { cut: true }, times: 0 }, /times/],
    [{ operation: "snapshot.create", phase: "before", kind: { cut: true }, skip: -1 }, /skip/],
    [{ operation: "snapshot.create", phase: "before", kind: { cut: true }, when: 3 }, /when/],
    [{}, /operation/],
    ["cut", /Fault/],
  ])("%j", async (fault, message) => {
    const simulator = await start();
    const reply = await control(simulator, "POST /faults", fault);
    expect(reply.status).toBe(400);
    expect(reply.json).toMatchObject({
      code: "SIMULATOR_BAD_FAULT",
      message: expect.stringMatching(message),
    });
    expect(simulator.faults.pending()).toEqual([]);
  });

  it("in-process as well", async () => {
    const simulator = await start();
    expect(() => simulator.faults.add({ operation: "*", phase: "before", kind: { status: 1000 } })).toThrow(
      SimulatorError,
    );
  });
});

describe("a fault that has not struck", () => {
  it("is reported with what it has done so far, and fails the assertion", async () => {
    const simulator = await start();
    const fault = { operation: "server.list", phase: "before", kind: { status: 500 }, times: 3 } as const;
    simulator.faults.add(fault);
    await call(simulator, "GET /cloud");
    expect(simulator.faults.pending()).toEqual([{ ...fault, fired: 1 }]);
    expect(() => simulator.faults.assertAllFired()).toThrow(
      expect.objectContaining({
        code: "SIMULATOR_UNFIRED_FAULT",
        message: expect.stringContaining("server.list"),
      }),
    );
  });
});

describe("every operation can be struck", () => {
  const requests = [
    "GET /cloud",
    "GET /cloud/1001",
    "POST /cloud/deploy",
    "DELETE /cloud/1001/destroy",
    "POST /cloud/1001/poweron",
    "POST /cloud/1001/poweroff",
    "POST /cloud/1001/powercycle",
    "POST /cloud/1001/hardreboot",
    "POST /cloud/1001/snapshot/create",
    "POST /cloud/1001/snapshot/1/restore",
    "DELETE /cloud/1001/snapshot/1/delete",
    "GET /cloud/getdeploy?product=cloud",
    "GET /snapshot",
    "GET /actions",
    "GET /actions/1",
    "GET /account/info",
    "GET /dczones",
    "GET /snapshot/innoida",
    "GET /plans",
    "GET /cloud/plans/snapshot/1",
    "GET /cloud/images",
  ];

  it.each(operationNames)("%s", async (operation) => {
    const simulator = await start();
    simulator.faults.add({ operation, phase: "before", kind: { status: 599 } });
    for (const request of requests) {
      if (simulator.faults.pending().length > 0) await call(simulator, request);
    }
    simulator.faults.assertAllFired();
    expect(simulator.requests.all(operation).at(-1)?.status).toBe(599);
  });
});
