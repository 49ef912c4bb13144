import { describe, expect, it } from "vitest";
import {
  type OperationName,
  type Simulator,
  type SlowAnswer,
  writeOperationNames,
} from "../../../simulator/index";
import { confirmation, deployBody, http, simulators } from "./harness";
import type { Start } from "./settings-proof";

/** A request for each write, on a simulator with a snapshot 5001 of server 1001. */
const writes: Record<(typeof writeOperationNames)[number], [request: string, body?: unknown]> = {
  "server.deploy": ["POST /cloud/deploy", deployBody("new")],
  "server.destroy": ["DELETE /cloud/1001/destroy", confirmation],
  "server.poweron": ["POST /cloud/1001/poweron"],
  "server.poweroff": ["POST /cloud/1001/poweroff"],
  "server.powercycle": ["POST /cloud/1001/powercycle"],
  "server.hardreboot": ["POST /cloud/1001/hardreboot"],
  "snapshot.create": ["POST /cloud/1001/snapshot/create", { name: "new" }],
  "snapshot.restore": ["POST /cloud/1001/snapshot/5001/restore"],
  "snapshot.delete": ["DELETE /cloud/1001/snapshot/5001/delete"],
};

async function slow(start: Start, operation: OperationName, answer: SlowAnswer): Promise<Simulator> {
  const simulator = await start({ settings: { slowAnswers: { [operation]: answer } } });
  simulator.cloud.addSnapshot({ id: "5001", cloudId: "1001", name: "old" });
  return simulator;
}

/** Servers, snapshots and operations, whatever they look like on the way. */
function things({ cloud }: Simulator) {
  return { servers: cloud.servers(), snapshots: cloud.snapshots(), operations: cloud.operations() };
}

/** A request whose client can hang up. */
function patient(simulator: Simulator, [request, body]: [string, unknown?]) {
  const [method = "", path = ""] = request.split(" ");
  const line = new AbortController();
  const answer = http(method, simulator.url + path, {
    headers: { authorization: `Bearer ${simulator.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: line.signal,
  });
  answer.catch(() => undefined);
  return { answer, hangUp: () => line.abort() };
}

async function whileWaiting(simulator: Simulator, operation: keyof typeof writes) {
  const client = patient(simulator, writes[operation]);
  const logged = await simulator.requests.waitFor(
    (one) => one.operation === operation && one.slow === "waiting",
  );
  return { ...client, logged };
}

async function answersLate(start: Start, operation: keyof typeof writes): Promise<void> {
  for (const effect of ["atArrival", "withAnswer"] as const) {
    const simulator = await slow(start, operation, { forMs: 100_000, effect, hangUp: "undoes" });
    const before = things(simulator);
    const { answer, logged } = await whileWaiting(simulator, operation);
    simulator.advance(99_999);
    expect(JSON.stringify(things(simulator)) === JSON.stringify(before)).toBe(effect === "withAnswer");
    expect(logged.slow).toBe("waiting");
    simulator.advance(1);
    expect((await answer).json).toMatchObject({ status: "success" });
    expect(logged).toMatchObject({ slow: "answered", status: 200 });
    expect(simulator.cloud.operations()).toHaveLength(before.operations.length + 1);
    simulator.advance(1000);
    expect(simulator.cloud.operations().at(-1)?.state).toBe("success");
  }
}

async function undoneByHangUp(start: Start, operation: keyof typeof writes): Promise<void> {
  for (const effect of ["atArrival", "withAnswer"] as const) {
    const simulator = await slow(start, operation, { forMs: 100_000, effect, hangUp: "undoes" });
    const before = things(simulator);
    const { logged, hangUp } = await whileWaiting(simulator, operation);
    simulator.advance(50_000);
    hangUp();
    await expect.poll(() => logged.slow).toBe("undone");
    simulator.advance(100_000);
    expect(things(simulator)).toEqual(before);
    expect(logged.status).toBeUndefined();
    expect(logged.meaning).toContain("undone");
  }
}

async function goesOnAlone(start: Start, operation: keyof typeof writes): Promise<void> {
  for (const effect of ["atArrival", "withAnswer"] as const) {
    const simulator = await slow(start, operation, { forMs: 100_000, effect, hangUp: "goesOn" });
    const before = things(simulator);
    const { answer, logged, hangUp } = await whileWaiting(simulator, operation);
    hangUp();
    await expect(answer).rejects.toThrow();
    expect(JSON.stringify(things(simulator)) === JSON.stringify(before)).toBe(effect === "withAnswer");
    await expect.poll(() => logged.slow).toBe("wentOn");
    simulator.advance(100_000);
    await expect.poll(() => logged.settled).toBe(true);
    simulator.advance(1000);
    expect(simulator.cloud.operations().at(-1)?.state).toBe("success");
    expect(simulator.cloud.operations()).toHaveLength(before.operations.length + 1);
  }
}

async function neverAnswers(start: Start, operation: keyof typeof writes): Promise<void> {
  for (const hangUp of ["undoes", "goesOn"] as const) {
    const simulator = await slow(start, operation, { forMs: null, effect: "withAnswer", hangUp });
    const before = things(simulator);
    const client = await whileWaiting(simulator, operation);
    simulator.advance(86_400_000);
    expect(things(simulator)).toEqual(before);
    client.hangUp();
    await expect.poll(() => client.logged.settled).toBe(true);
    expect(simulator.cloud.operations()).toHaveLength(
      before.operations.length + (hangUp === "undoes" ? 0 : 1),
    );
  }
}

const start = simulators();

describe.each(writeOperationNames)("a slow answer to %s", (operation) => {
  it("comes when the line has been held for so long", () => answersLate(start, operation));
  it("can be undone by a hang-up", () => undoneByHangUp(start, operation));
  it("can go on without its client", () => goesOnAlone(start, operation));
  it("can never come", () => neverAnswers(start, operation));
});

describe("the same as faults of the queue", () => {
  const kinds = [
    { slowMs: 3_600_000, hangUp: "undoes" },
    { hold: true, hangUp: "undoes" },
    { hang: true, hangUp: "undoes" },
  ] as const;
  const cases = kinds.flatMap((kind) => (["before", "after"] as const).map((phase) => ({ kind, phase })));

  it.each(cases)("$phase: $kind undone by a hang-up", async ({ kind, phase }) => {
    const simulator = await start();
    simulator.faults.add({ operation: "snapshot.create", phase, kind });
    const client = await whileWaiting(simulator, "snapshot.create");
    expect(simulator.cloud.snapshots()).toHaveLength(phase === "before" ? 0 : 1);
    client.hangUp();
    await expect.poll(() => client.logged.settled).toBe(true);
    expect(client.logged.slow).toBe("undone");
    expect(simulator.cloud.snapshots()).toEqual([]);
    expect(simulator.cloud.server("1001").busy).toBe(false);
    expect(simulator.faults.held).toBe(0);
    simulator.faults.assertAllFired();
  });

  it.each(["before", "after"] as const)("%s: a hang that goes on when its client gives up", async (phase) => {
    const simulator = await start();
    simulator.faults.add({ operation: "snapshot.create", phase, kind: { hang: true, hangUp: "goesOn" } });
    const client = await whileWaiting(simulator, "snapshot.create");
    client.hangUp();
    await expect.poll(() => client.logged.settled).toBe(true);
    expect(client.logged.slow).toBe("wentOn");
    expect(simulator.cloud.snapshots()).toMatchObject([{ name: "new" }]);
  });
});
