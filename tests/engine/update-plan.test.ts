import { join } from "node:path";
import { expect, it } from "vitest";
import { startSimulator } from "../../simulator";
import { Stack } from "../support/stack";

const program = (version: string): string => `
new utho.Snapshot("web", { cloudId: "1001", triggers: ["${version}"] });
new utho.SnapshotRestore("undo", { snapshot: "1002/7001", triggers: ["${version}"] });
new utho.ServerClone("copy", { snapshot: "1002/7001", hostname: "copy-${version}", planId: "10046" });
new utho.SnapshotRotation("nightly", { cloudId: "1001", every: "${version === "v1" ? "24h" : "12h"}", keep: { last: 3 } });
`;

it("an update plan creates and replaces every type of resource", async () => {
  const simulator = await startSimulator();
  simulator.cloud.addSnapshot({ id: "7001", cloudId: "1002", name: "golden" });
  const stack = await Stack.create({ program: program("v1"), simulator });
  try {
    for (const version of ["v1", "v2"]) {
      stack.setProgram(program(version));
      const plan = join(stack.folder, `${version}.json`);
      const preview = await stack.preview("--save-plan", plan);
      expect(preview.code, preview.output).toBe(0);
      const up = await stack.up("--plan", plan);
      expect(up.code, up.output).toBe(0);
      expect(simulator.requests.count("server.deploy")).toBe(version === "v1" ? 1 : 2);
    }
    const next = await stack.up("--expect-no-changes");
    expect(next.code, next.output).toBe(0);
  } finally {
    stack.dispose();
    await simulator.close();
  }
});
