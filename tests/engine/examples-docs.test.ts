import { writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { startSimulator } from "../../simulator";
import { usePages } from "../support/docs-code";
import { Stack } from "../support/stack";

describe("the programs of docs/uses", () => {
  it("are there for each use of snapshots, and for the actions of the listing page", () => {
    expect(usePages().map(({ page, programs }) => [page, programs.length])).toEqual([
      ["backup-and-recovery.md", 3],
      ["backups-you-can-trust.md", 1],
      ["disaster-recovery.md", 2],
      ["listing-actions.md", 4],
      ["scaling-and-replication.md", 3],
      ["testing-and-development.md", 3],
    ]);
  });

  it.each(usePages())("of $page run one after the other, as a reader would", async ({ programs }) => {
    const simulator = await startSimulator({
      snapshots: [{ id: "9001", cloudId: "1001", name: "nightly", contents: "this morning" }],
    });
    const stack = await Stack.create({ program: "", simulator });
    try {
      for (const program of programs) {
        const { safety } = await stack.outputs();
        // The page cannot know the number that Utho gives to the safety snapshot.
        const text = program.replace("1001/9002", String(safety));
        const { outputText } = ts.transpileModule(text, {
          compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
        });
        writeFileSync(join(stack.folder, "index.js"), outputText);
        const up = await stack.up();
        expect(up.code, up.output).toBe(0);
      }
      expect(simulator.cloud.server("1001").powerState).toBe("Running");
    } finally {
      stack.dispose();
      await simulator.close();
    }
  });
});
