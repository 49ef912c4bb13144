import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Finding } from "../../cli/doctor/finding";
import { type Simulator, startSimulator } from "../../simulator";
import { runCommand } from "../support/command";
import { Stack } from "../support/stack";

let simulator: Simulator;
let stack: Stack;
beforeAll(async () => {
  simulator = await startSimulator();
  stack = await Stack.create({ program: 'new utho.Snapshot("of-web-1", { cloudId: "1001" });', simulator });
  const up = await stack.up();
  expect(up.code, up.output).toBe(0);
});
afterAll(async () => {
  stack.dispose();
  await simulator.close();
});

async function doctor(...flags: string[]): Promise<{ code: number; findings: Map<string, Finding> }> {
  const { code, out, err } = await runCommand(["doctor", "--json", ...flags], stack);
  expect(err).toBe("");
  const { findings }: { findings: Finding[] } = JSON.parse(out);
  return { code, findings: new Map(findings.map((one) => [one.check, one])) };
}

describe("pulumi-utho doctor", () => {
  it("finds no problem in a healthy setup, and prints no names", async () => {
    const { code, out } = await runCommand(["doctor", "--stack", "dev"], stack);
    expect(code, out).toBe(0);
    expect(out).toContain("0 problems, 0 warnings");
    expect(out).toContain("3.248.0");
    expect(out).toContain("1 Snapshot");
    expect(out).not.toContain("\u001b");
    const own = simulator.cloud.snapshots()[0]?.id ?? "none";
    for (const secret of [
      simulator.token,
      new URL(simulator.url).host,
      "web-1",
      "1001",
      own,
      stack.folder,
      "dev",
    ]) {
      expect(out).not.toContain(secret);
    }
  });

  it("finds what is wrong with a state, a stack and a token", async () => {
    const state = await stack.export();
    const [resource] = (state.deployment.resources ?? []).filter(({ id }) => id?.startsWith("1001/"));
    const inlined = { ...resource, urn: "urn:older", outputs: { __provider: "exports.handler = __f0;" } };
    const pending = [{ type: "creating", resource: { urn: "urn:begun", type: "x" } }];
    const file = join(stack.folder, "exported.json");
    const { resources = [] } = state.deployment;
    const bad = { ...state.deployment, resources: [...resources, inlined], pending_operations: pending };
    writeFileSync(file, JSON.stringify({ version: 3, deployment: bad }));
    const ofFile = await doctor("--stack", "dev", "--state", file);
    expect(ofFile.code).toBe(1);
    expect(ofFile.findings.get("state.forwarder")?.verdict).toBe("problem");
    expect(ofFile.findings.get("state.pending")?.next).toContain("pulumi up");

    const noStack = await doctor("--stack", "missing");
    expect(noStack.code).toBe(1);
    expect(noStack.findings.get("configuration")?.verdict).toBe("problem");
    expect(noStack.findings.get("state")?.verdict).toBe("problem");

    await stack.run(["config", "set", "--secret", "utho:token", "refused-token"]);
    const { code, findings } = await doctor("--stack", "dev");
    expect([code, findings.get("token")?.verdict, findings.get("endpoint")?.verdict]).toEqual([
      1,
      "problem",
      "ok",
    ]);
  });
});
