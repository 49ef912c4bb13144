import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Simulator } from "../../../simulator/index";
import { call, confirmation, deployBody, readServer, simulators, startTime, takeSnapshot } from "./harness";

const start = simulators();
const success = { status: "success" };
const error = { status: "error" };

describe("one operation at a time on a server", () => {
  const beginnings: Record<string, (simulator: Simulator, id: string) => Promise<unknown>> = {
    "a snapshot": (simulator) => call(simulator, "POST /cloud/1001/snapshot/create", { name: "x" }),
    "a restore": (simulator, id) => call(simulator, `POST /cloud/1001/snapshot/${id}/restore`),
    poweroff: (simulator) => call(simulator, "POST /cloud/1001/poweroff"),
    hardreboot: (simulator) => call(simulator, "POST /cloud/1001/hardreboot"),
    destruction: (simulator) => call(simulator, "DELETE /cloud/1001/destroy", confirmation),
  };
  const pairs = Object.keys(beginnings).flatMap((first) =>
    Object.keys(beginnings).map((second) => ({ first, second })),
  );

  it.each(pairs)("during $first, $second is refused", async ({ first, second }) => {
    const simulator = await start({ settings: { destroyDurationMs: 300 } });
    const id = await takeSnapshot(simulator, "1001", "a");
    expect(await beginnings[first]?.(simulator, id)).toMatchObject({ json: success });
    const before = simulator.cloud.operations().length;
    const refused = await beginnings[second]?.(simulator, id);
    expect(refused).toMatchObject({
      json: { ...error, message: expect.stringContaining("already in process") },
    });
    expect(simulator.cloud.operations()).toHaveLength(before);
  });

  it("during a snapshot its own deletion is let through, and frees the server", async () => {
    const simulator = await start({ settings: { snapshotOutcome: "never" } });
    const id = await takeSnapshot(simulator, "1001", "a");
    expect(simulator.cloud.server("1001").busy).toBe(true);
    expect((await call(simulator, `DELETE /cloud/1001/snapshot/${id}/delete`)).json).toMatchObject(success);
    expect(simulator.cloud.server("1001").busy).toBe(false);
    expect(simulator.cloud.operations("1001").map((one) => one.state)).toEqual(["failure", "success"]);
  });

  it("a server in deployment takes no snapshot, but can be destroyed", async () => {
    const simulator = await start();
    await call(simulator, "POST /cloud/deploy", deployBody("web-2"));
    expect((await call(simulator, "POST /cloud/1003/snapshot/create", { name: "a" })).json).toMatchObject(
      error,
    );
    expect((await call(simulator, "DELETE /cloud/1003/destroy", confirmation)).json).toMatchObject(success);
    expect(simulator.cloud.servers()).toHaveLength(2);
  });
});

describe("data", () => {
  it("a snapshot holds the disk as it was at the moment of its creation", async () => {
    const simulator = await start();
    simulator.cloud.setContents("1001", "before");
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    simulator.cloud.setContents("1001", "after");
    simulator.advance(300);
    expect(simulator.cloud.snapshots()).toMatchObject([{ contents: "before" }]);
  });

  it("a snapshot deleted in the middle of a restore does no harm to it", async () => {
    const simulator = await start();
    simulator.cloud.setContents("1001", "good");
    const id = await takeSnapshot(simulator, "1001", "a");
    simulator.cloud.setContents("1001", "bad");
    await call(simulator, `POST /cloud/1001/snapshot/${id}/restore`);
    simulator.cloud.deleteSnapshot(id);
    simulator.advance(300);
    expect(simulator.cloud.server("1001").contents).toBe("good");
  });

  it("a server deployed from a snapshot has its contents and at least its size", async () => {
    const simulator = await start();
    simulator.cloud.setContents("1002", "the shop");
    const snapshotid = await takeSnapshot(simulator, "1002", "a");
    const reply = await call(simulator, "POST /cloud/deploy", deployBody("clone", { snapshotid }));
    expect(reply.json).toMatchObject({ ...success, cloudid: "1003" });
    expect(simulator.cloud.server("1003")).toMatchObject({ contents: "the shop", diskGb: 80 });
    simulator.cloud.setContents("1003", "another shop");
    expect(simulator.cloud.server("1002").contents).toBe("the shop");
  });
});

describe("deploy", () => {
  it("begins one server for each hostname and answers with the first", async () => {
    const simulator = await start();
    const body = { ...deployBody("a"), cloud: [{ hostname: "a" }, { hostname: "b" }] };
    expect((await call(simulator, "POST /cloud/deploy", body)).json).toMatchObject({ cloudid: "1003" });
    simulator.advance(300);
    expect(simulator.cloud.servers().map((one) => [one.hostname, one.status])).toEqual([
      ["web-1", "Active"],
      ["db-1", "Active"],
      ["a", "Active"],
      ["b", "Active"],
    ]);
  });

  it("answers with the root password that it was given", async () => {
    const simulator = await start();
    const body = { ...deployBody("a"), root_password: "correct horse" };
    expect((await call(simulator, "POST /cloud/deploy", body)).json).toMatchObject({
      password: "correct horse",
    });
    expect(simulator.cloud.server("1003").rootPassword).toBe("correct horse");
  });

  it.each([
    ["no data centre", { dcslug: undefined }],
    ["an unknown data centre", { dcslug: "atlantis" }],
    ["an unknown plan", { planid: "1" }],
    ["an unknown image", { image: "dos-6" }],
    ["neither image nor snapshot", { image: undefined }],
    ["both image and snapshot", { snapshotid: "5001" }],
    ["an unknown snapshot", { image: undefined, snapshotid: "404" }],
    ["a backup", { image: undefined, backupid: "1" }],
    ["no server", { cloud: [] }],
    ["a server without a name", { cloud: [{}] }],
    ["a server that is no object", { cloud: ["a"] }],
    ["no list of servers", { cloud: "a" }],
  ])("refuses %s and leaves no server", async (_what, change) => {
    const simulator = await start();
    const reply = await call(simulator, "POST /cloud/deploy", { ...deployBody("a"), ...change });
    expect(reply.json).toMatchObject(error);
    expect(simulator.cloud.servers()).toHaveLength(2);
  });

  it.each(["pending", "failed", "being deleted"])("refuses a snapshot that is %s", async (state) => {
    const simulator = await start({ settings: { deleteDurationMs: 1000 } });
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    const [snapshot] = simulator.cloud.snapshots();
    const snapshotid = String(snapshot?.id);
    if (state === "failed") simulator.cloud.failSnapshot(snapshotid);
    if (state === "being deleted") {
      simulator.cloud.completeSnapshot(snapshotid);
      await call(simulator, `DELETE /cloud/1001/snapshot/${snapshotid}/delete`);
    }
    const reply = await call(simulator, "POST /cloud/deploy", deployBody("clone", { snapshotid }));
    expect(reply.json).toMatchObject(error);
    expect(simulator.cloud.servers()).toHaveLength(2);
  });
});

describe("destroy", () => {
  it("a snapshot in the making outlives its server and becomes Active", async () => {
    const simulator = await start({ settings: { busyRule: "accept" } });
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    await call(simulator, "DELETE /cloud/1001/destroy", confirmation);
    simulator.advance(300);
    expect(simulator.cloud.snapshots()).toMatchObject([{ status: "Active" }]);
  });

  it("ends what is under way on the server without any further effect", async () => {
    const simulator = await start({ settings: { busyRule: "accept", snapshotsSurviveServer: false } });
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    await call(simulator, "POST /cloud/1001/poweroff");
    await call(simulator, "DELETE /cloud/1001/destroy", confirmation);
    simulator.advance(1000);
    expect(simulator.cloud.snapshots()).toEqual([]);
    expect(simulator.cloud.operations().every((one) => one.state !== "underway")).toBe(true);
  });
});

describe("time", () => {
  it("states depend on the clock alone, not on how often they are read", async () => {
    const [watched, alone] = [await start(), await start()];
    for (const simulator of [watched, alone]) {
      await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
      await call(simulator, "POST /cloud/1002/poweroff");
    }
    for (let step = 0; step < 10; step += 1) {
      watched.advance(50);
      await readServer(watched, "1001");
    }
    alone.advance(500);
    expect(watched.cloud.snapshots()).toEqual(alone.cloud.snapshots());
    expect(watched.cloud.servers()).toEqual(alone.cloud.servers());
  });

  it("goes on by itself by the machine's clock when none is given", async () => {
    const simulator = await start({ clock: undefined, settings: { snapshotDurationMs: 1 } });
    expect(Math.abs(simulator.cloud.now() - startTime)).toBeGreaterThan(0);
    await call(simulator, "POST /cloud/1001/snapshot/create", { name: "a" });
    await expect.poll(() => simulator.cloud.snapshots()).toMatchObject([{ status: "Active" }]);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("cannot be advanced by %s", async (ms) => {
    const simulator = await start();
    expect(() => simulator.advance(ms)).toThrow(expect.objectContaining({ code: "SIMULATOR_BAD_ARGUMENT" }));
  });
});

describe("whatever is asked in whatever order", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("snapshot" as const), server: fc.constantFrom("1001", "1002") }),
    fc.record({
      do: fc.constant("restore" as const),
      server: fc.constantFrom("1001", "1002"),
      pick: fc.nat(9),
    }),
    fc.record({
      do: fc.constant("delete" as const),
      server: fc.constantFrom("1001", "1002"),
      pick: fc.nat(9),
    }),
    fc.record({ do: fc.constant("write" as const), server: fc.constantFrom("1001", "1002") }),
    fc.record({
      do: fc.constantFrom("poweroff" as const, "poweron" as const),
      server: fc.constantFrom("1001", "1002"),
    }),
    fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 1, max: 400 }) }),
  );
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

  let written = 0;

  async function perform(simulator: Simulator, one: Step): Promise<void> {
    if (one.do === "wait") return simulator.advance(one.ms);
    const { server } = one;
    if (one.do === "snapshot") {
      await call(simulator, `POST /cloud/${server}/snapshot/create`, { name: "s" });
      return;
    }
    if (one.do === "write") {
      written += 1;
      return simulator.cloud.setContents(server, `writing ${written}`);
    }
    if (one.do === "restore" || one.do === "delete") {
      const id = simulator.cloud.snapshots().at(one.pick)?.id ?? "404";
      const request = one.do === "restore" ? "POST" : "DELETE";
      await call(simulator, `${request} /cloud/${server}/snapshot/${id}/${one.do}`);
      return;
    }
    await call(simulator, `POST /cloud/${server}/${one.do}`);
  }

  it("at most one operation holds a server, ids are never used again, a restored disk is a snapshot's", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const simulator = await start();
        const seen = new Set<string>();
        const everStored = new Set(simulator.cloud.servers().map((one) => one.contents));
        for (const one of steps) {
          const known = new Set(simulator.cloud.snapshots().map((snapshot) => snapshot.id));
          await perform(simulator, one);
          for (const server of simulator.cloud.servers()) {
            const holding = simulator.cloud
              .operations(server.cloudId)
              .filter((operation) => operation.state === "underway" && operation.kind !== "deleteSnapshot");
            expect(holding.length).toBeLessThanOrEqual(1);
            if (one.do === "write") everStored.add(server.contents);
            expect(everStored).toContain(server.contents);
          }
          for (const { id } of simulator.cloud.snapshots()) {
            if (!known.has(id)) expect(seen).not.toContain(id);
            seen.add(id);
          }
        }
        await simulator.close();
      }),
      { numRuns: 25 },
    );
  });
});
