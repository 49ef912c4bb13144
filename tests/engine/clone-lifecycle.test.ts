import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { Stack } from "../support/stack";

/** Every declared output, so that one that stays empty fails a test. */
const OUTPUTS = `exports.all = pulumi.all({ id: c.id, cloudId: c.cloudId, hostname: c.hostname, ipv4: c.ipv4,
  status: c.status, powerStatus: c.powerStatus, snapshot: c.snapshot, planId: c.planId, dcslug: c.dcslug });
exports.password = c.password;`;

describe("a ServerClone's life", () => {
  let simulator: Simulator;
  let stack: Stack;
  let golden: string;

  beforeEach(async () => {
    simulator = await startSimulator({ settings: { deployDurationMs: 500 } });
    simulator.cloud.setContents("1001", "golden contents");
    golden = `1001/${simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" }).id}`;
    simulator.cloud.setContents("1001", "later contents");
    stack = await Stack.create({ program: "", simulator });
  });

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  const clone = (args = ""): string =>
    `const c = new utho.ServerClone("copy", { snapshot: "${golden}", hostname: "copy-1", planId: "10045"${args} });`;
  const clones = () => simulator.cloud.servers().filter(({ hostname }) => hostname.startsWith("copy"));

  it("is deployed once with its password secret, is no change afterwards, and is destroyed", async () => {
    stack.setProgram(clone() + OUTPUTS);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const [server, ...others] = clones();
    expect(others).toEqual([]);
    expect(server).toMatchObject({ contents: "golden contents", powerState: "Running", status: "Active" });
    const { all } = await stack.outputs();
    expect(all).toEqual({
      id: server?.cloudId,
      cloudId: server?.cloudId,
      hostname: "copy-1",
      ipv4: server?.ip,
      status: "Active",
      powerStatus: "Running",
      snapshot: golden,
      planId: "10045",
      dcslug: server?.dcslug,
    });
    const shown = await stack.run(["stack", "output", "password", "--show-secrets"]);
    expect(shown.stdout.trim()).toBe(server?.rootPassword);
    expect(up.output).not.toContain(server?.rootPassword);
    expect(stack.stateText()).not.toContain(server?.rootPassword);

    // The snapshot is read at creation only.
    simulator.cloud.deleteSnapshot(golden.split("/")[1] ?? "");
    stack.setProgram(clone().replace(golden, "1001/777") + OUTPUTS);
    const again = await stack.up("--refresh", "--expect-no-changes");
    expect(again.code, again.output).toBe(0);
    expect(simulator.requests.count("server.deploy")).toBe(1);

    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    expect(clones()).toEqual([]);
    expect(simulator.cloud.server("1001").contents).toBe("later contents");
  });

  it("sends the root password that the program gives, and keeps it out of sight", async () => {
    const chosen = "Chosen-by-me-1";
    simulator.cloud.setSettings({ deployPassword: "asSent" });
    stack.setProgram(clone(`, rootPassword: "${chosen}"`) + OUTPUTS);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(clones()).toMatchObject([{ rootPassword: chosen }]);
    const again = await stack.up("--refresh", "--expect-no-changes", "--diff");
    expect(again.code, again.output).toBe(0);
    for (const text of [up.output, again.output, stack.stateText()]) expect(text).not.toContain(chosen);
  });

  it("shows what happened outside: off, renamed, vanished", async () => {
    stack.setProgram(clone() + OUTPUTS);
    await stack.up();
    const id = clones()[0]?.cloudId ?? "";
    simulator.cloud.changeServer(id, { powerState: "Stopped", hostname: "copy-x" });
    const drift = await stack.drift();
    expect(drift.code, drift.output).toBe(7);
    const up = await stack.up("--refresh");
    expect(up.code, up.output).toBe(0);
    expect(up.output).toContain("renamed outside, from copy-1 to copy-x");
    expect(clones()).toMatchObject([{ cloudId: id, powerState: "Running" }]);
    expect((await stack.drift()).code).toBe(0);

    simulator.cloud.removeServer(id);
    expect((await stack.drift()).code).toBe(7);
    expect((await stack.up("--refresh")).code).toBe(0);
    expect(clones()).toMatchObject([{ hostname: "copy-1", contents: "golden contents" }]);
    expect(simulator.requests.count("server.deploy")).toBe(2);
  });

  it("is replaced by another plan: the new server is there before the old one goes", async () => {
    stack.setProgram(clone() + OUTPUTS);
    await stack.up();
    const id = clones()[0]?.cloudId ?? "";
    simulator.requests.clear();
    stack.setProgram(clone().replace("10045", "10046") + OUTPUTS);
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    expect(clones()).toMatchObject([{ planId: "10046" }]);
    expect(clones()[0]?.cloudId).not.toBe(id);
    const writes = simulator.requests.all().filter(({ method }) => method !== "GET");
    expect(writes.map(({ operation }) => operation)).toEqual(["server.deploy", "server.destroy"]);
  });

  it("deploys many at once, and keeps a failed one's id until it is replaced", async () => {
    stack.setProgram(
      `for (const n of [1, 2, 3]) new utho.ServerClone("copy-" + n, { snapshot: "${golden}", hostname: "copy-" + n, planId: "10045" });`,
    );
    simulator.cloud.nextOutcome({ of: "deploy", outcome: "failed" });
    simulator.faults.add({ operation: "server.deploy", phase: "after", kind: { hold: true }, times: 3 });
    const run = stack.start(["up", "--yes", "--skip-preview"]);
    // None of the three is answered before all three are asked for.
    await simulator.requests.waitFor(() => simulator.faults.held === 3, 90_000);
    simulator.faults.release();
    const up = await run.ended;
    expect(up.code).not.toBe(0);
    expect(up.output).toContain("UTHO_CLONE_FAILED");
    expect(simulator.requests.count("server.deploy")).toBe(3);

    const next = await stack.up();
    expect(next.code, next.output).toBe(0);
    const now = clones().map(({ hostname, status }) => `${hostname} ${status}`);
    expect(now.sort()).toEqual(["copy-1 Active", "copy-2 Active", "copy-3 Active"]);
  });

  it("is destroyed after a final snapshot, which the output of destroy names", async () => {
    stack.setProgram(clone(", finalSnapshot: true"));
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const [copy] = clones();
    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    const final = simulator.cloud.snapshots().find(({ cloudId }) => cloudId === copy?.cloudId);
    expect(final).toMatchObject({ status: "Active" });
    expect(destroy.output).toContain(`Final snapshot ${copy?.cloudId}/${final?.id} (${final?.name})`);
    expect(clones()).toEqual([]);
  });
});
