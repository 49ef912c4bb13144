import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { Stack } from "../support/stack";

/**
 * How the CLI runs a pack of a runtime that it has no language host for: it starts `pulumi-analyzer-policy-<runtime>`.
 * The language host that is built from modules is older than the CLI and runs no packs, so `runtime: nodejs` works
 * with Pulumi's own distribution only; what then runs in Node is the same.
 */
const RUNTIME = "packs-in-node";

const LAUNCHER = `#!/bin/sh
exec node "$(node -p 'require.resolve("@pulumi/pulumi/cmd/run-policy-pack")')" "$@"
`;

const PACK = `
const { PolicyPack } = require("@pulumi/policy");
const { uthoPolicies } = require("pulumi-utho/policy");
new PolicyPack("snapshots", {
  policies: uthoPolicies({ servers: ["1001"], owner: /^dev-shop-/, disposable: /^staging-/ }),
});
`;

const PROGRAM = (more: string): string => `
const shop = new utho.Snapshot("shop-web", { cloudId: "1001" });
const copy = new utho.ServerClone("copy", { snapshot: shop.id, hostname: "copy", planId: "10045" }, { protect: true });
new utho.Snapshot("shop-copy", { cloudId: copy.cloudId });
${more}
`;

const BAD = `
new utho.Snapshot("db", { cloudId: "1002" });
new utho.SnapshotRestore("shop-undo", { snapshot: shop.id, safetySnapshot: false, acknowledgeDataLoss: true });
new utho.ServerClone("lone", { snapshot: shop.id, hostname: "lone", planId: "10045" });
`;

describe("a policy pack with uthoPolicies", { timeout: 600_000 }, () => {
  let simulator: Simulator;
  let stack: Stack;
  let pack: string;

  beforeAll(async () => {
    simulator = await startSimulator();
    stack = await Stack.create({ program: PROGRAM(""), simulator });
    pack = join(stack.folder, "pack");
    mkdirSync(pack);
    writeFileSync(join(pack, "PulumiPolicy.yaml"), `runtime: ${RUNTIME}\n`);
    writeFileSync(join(pack, "package.json"), '{"name":"snapshots","version":"1.0.0","main":"index.js"}');
    writeFileSync(join(pack, "index.js"), PACK);
    provideLauncher();
  });

  afterAll(async () => {
    stack.dispose();
    await simulator.close();
  });

  function provideLauncher(): void {
    const folder = join(stack.folder, "bin");
    const launcher = join(folder, `pulumi-analyzer-policy-${RUNTIME}`);
    mkdirSync(folder);
    writeFileSync(launcher, LAUNCHER);
    chmodSync(launcher, 0o755);
    stack.addToPath(folder);
  }

  it("passes a program that loses nothing, before its servers are there and after", async () => {
    const preview = await stack.preview("--policy-pack", pack);
    expect(preview.code, preview.output).toBe(0);
    const up = await stack.up("--policy-pack", pack);
    expect(up.code, up.output).toBe(0);
    expect(simulator.cloud.servers()).toHaveLength(3);
  });

  it("stops one that would, before anything is touched, and says each of its faults", async () => {
    stack.setProgram(PROGRAM(BAD));
    const before = simulator.requests.all().filter(({ method }) => method !== "GET").length;
    const run = await stack.run(["up", "--yes", "--policy-pack", pack]);
    expect(run.code, run.output).not.toBe(0);
    expect(run.output).toMatch(/\[mandatory\].*utho-snapshot-names-owner/s);
    expect(run.output).toContain('the name "dev-db-');
    expect(run.output).toContain("safetySnapshot is false");
    expect(run.output).toContain('The server of ServerClone "lone" has neither');
    expect(run.output).toMatch(/\[advisory\].*utho-removal-keeps-data/s);
    const after = simulator.requests.all().filter(({ method }) => method !== "GET").length;
    expect(after).toBe(before);
  });
});
