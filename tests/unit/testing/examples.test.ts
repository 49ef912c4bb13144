import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import ts from "typescript";
import { afterEach, expect, it } from "vitest";
import * as utho from "../../../sdk";
import { type Fixture, fixtures, type UthoMocks, uthoMatchers, uthoMocks } from "../../../testing";
import "../../../testing/vitest";

expect.extend(uthoMatchers);

const EXAMPLES = resolve(__dirname, "../../../examples");

let mocks: UthoMocks;

afterEach(() => mocks.close());

/** Runs an example's own file as `pulumi up` would, with these values in its stack's configuration. */
async function run(
  example: string,
  fixture: Fixture,
  config: Record<string, string> = {},
  now?: string,
  stack = "prod",
) {
  mocks = await uthoMocks({ ...fixture, ...(now === undefined ? {} : { now }) });
  const values = Object.entries(config).map(([key, value]) => [`shop:${key}`, value]);
  pulumi.runtime.setAllConfig(Object.fromEntries(values));
  return mocks.run(() => load(join(EXAMPLES, example, "index.ts")), { project: "shop", stack });
}

/** The program as Node would load it, with the sources of this package in place of the installed one. */
function load(file: string): unknown {
  const compilerOptions = {
    module: ts.ModuleKind.CommonJS,
    target: ts.ScriptTarget.ES2022,
    esModuleInterop: true,
  };
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), { compilerOptions });
  const ofNode = createRequire(file);
  const module: { exports: unknown } = { exports: {} };
  const requireFrom = (name: string): unknown => (name === "pulumi-utho" ? utho : ofNode(name));
  new Function("require", "module", "exports", outputText)(requireFrom, module, module.exports);
  return module.exports;
}

it("quickstart takes a snapshot of the first two servers", async () => {
  const outputs = await run("quickstart", fixtures.servers(3));
  expect(mocks).toHaveSnapshotOf("1001");
  expect(mocks).toHaveSnapshotOf("1002");
  expect(mocks).not.toHaveSnapshotOf("1003");
  expect(outputs.snapshots).toMatchObject([
    { serverName: "server-1", monthlyCost: 200 },
    { id: "1002/5002" },
  ]);
});

it("many-servers gives each server to one part, which it keeps when others come and go", async () => {
  const divided = async (servers: number, parts: number): Promise<Map<string, string>> => {
    const partOf = new Map<string, string>();
    for (let part = 1; part <= parts; part += 1) {
      const stack = `part-${part}`;
      const config = { parts: String(parts), fewest: String(servers) };
      const { cloudIds } = await run("many-servers", fixtures.servers(servers), config, undefined, stack);
      if (!Array.isArray(cloudIds)) throw new Error("no list of servers");
      for (const id of cloudIds) {
        expect(partOf.has(String(id))).toBe(false);
        partOf.set(String(id), stack);
      }
      await mocks.close();
    }
    expect(partOf.size).toBe(servers);
    return partOf;
  };
  const before = await divided(60, 3);
  expect(new Set(before.values()).size).toBe(3);
  const grown = await divided(80, 3);
  for (const [id, part] of before) expect(grown.get(id)).toBe(part);
  // A further part takes servers from the others; none moves between those.
  const further = await divided(60, 4);
  for (const [id, part] of before) expect([part, "part-4"]).toContain(further.get(id));
  expect(mocks).toDeclareSnapshotRotation("nightly", { paused: false, onRemove: "expire" });
  await mocks.close();
  // A part that is given up takes nothing more, and its snapshots go with it.
  await run("many-servers", fixtures.servers(60), { parts: "4", retired: "true" }, undefined, "part-4");
  expect(mocks).toDeclareSnapshotRotation("nightly", { paused: true, onRemove: "delete" });
  await mocks.close();
  const few = run("many-servers", fixtures.servers(2), { parts: "3", fewest: "3" }, undefined, "part-1");
  await expect(few).rejects.toThrow("2 servers, and 3 are expected");
});

it("checkpoint-before-upgrade takes a checkpoint, and restores only the version that is to be undone", async () => {
  const config = { server: "web-1", version: "2.0" };
  await run("checkpoint-before-upgrade", fixtures.twoServers, { ...config, undo: "1.9" });
  expect(mocks).toDeclareSnapshot("checkpoint", { cloudId: "1001", triggers: ["2.0"] });
  expect(mocks).not.toDeclareSnapshotRestore();
  await mocks.close();

  const outputs = await run("checkpoint-before-upgrade", fixtures.twoServers, { ...config, undo: "2.0" });
  expect(mocks).toDeclareSnapshotRestore("undo-2.0", { snapshot: outputs.checkpointId });
  expect(mocks).toHaveSnapshotOf("1001", { name: /-undo-before-/ });
});

it("scale-out makes as many servers as configured, from one snapshot", async () => {
  await run("scale-out", fixtures.twoServers, { source: "web-1", planId: "10045", count: "2" });
  expect(mocks).toHaveSnapshotOf("1001", { count: 1 });
  expect(mocks).toHaveServerNamed("prod-worker-1", { powerState: "Running" });
  expect(mocks).toHaveServerNamed("prod-worker-2");
  expect(mocks).not.toHaveServerNamed("prod-worker-3");
});

it("clone-for-testing uses a snapshot that is there, and takes none", async () => {
  const config = { run: "42", cloudId: "1001", planId: "10045" };
  const outputs = await run("clone-for-testing", fixtures.snapshotOfEach, config);
  expect(mocks).toHaveServerNamed("staging-42", { contents: "web-1 as it was good" });
  expect(mocks).toHaveSnapshotOf("1001", { count: 1 });
  expect(outputs.password).toMatch(/./);
});

it("disaster-recovery snapshots every server, also one that is off", async () => {
  const outputs = await run("disaster-recovery", fixtures.oneServerOff, { servers: "2", run: "today" });
  expect(outputs).toEqual({
    backups: { "web-1": expect.stringMatching(/^1001\/\d+$/), "db-1": expect.stringMatching(/^1002\//) },
  });
  expect(mocks).toHaveSnapshotOf("1002", { count: 1 });
});

it("disaster-recovery/recover puts back the servers that there are, and clones the one that is lost", async () => {
  const before = { createdAt: "2026-11-01T00:00:00Z" };
  const { servers, snapshots } = fixtures.snapshotOfEach;
  const fixture = {
    servers: servers.map((one) => ({ ...one, ...before, contents: "encrypted by an attacker" })),
    snapshots: snapshots.map((one) => ({ ...one, ...before })),
  };
  const config = { before: "2026-11-20T00:00:00Z", planId: "10046", dcslug: "inmumbaizone2" };
  await run("disaster-recovery/recover", fixture, config, "2026-11-24T00:00:00Z");
  expect(mocks).toHaveServerNamed("web-1", { contents: "web-1 as it was good" });
  expect(mocks).toHaveSnapshotOf("1001", { contents: "encrypted by an attacker" });
  expect(mocks).not.toDeclareServerClone();
  mocks.simulator.cloud.removeServer("1002");
  await mocks.run(() => load(join(EXAMPLES, "disaster-recovery/recover/index.ts")), { project: "shop" });
  expect(mocks).toHaveServerNamed("recovered-1002", { contents: "db-1 as it was good" });
});
