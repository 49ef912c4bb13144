import { expect } from "vitest";
import { startSimulator } from "../../simulator";
import { Consumer } from "./consumer";
import type { Combination } from "./matrix";

/** A project's life with the package installed: made, unchanged, no drift, drift, removed. */
export async function liveThrough(
  combination: Combination,
  alsoOnceInstalled: (consumer: Consumer) => Promise<void> = async () => {},
): Promise<void> {
  const simulator = await startSimulator();
  const consumer = new Consumer(combination);
  try {
    await consumer.install();
    await alsoOnceInstalled(consumer);
    await consumer.declare(simulator);

    const up = await consumer.run("up", "--yes", "--skip-preview");
    expect(up.code, up.output).toBe(0);
    const [snapshot, ...others] = simulator.cloud.snapshots();
    expect(others).toEqual([]);
    expect(snapshot).toMatchObject({ cloudId: "1001", status: "Active" });
    expect(simulator.requests.count("snapshot.create")).toBe(1);
    const outputs: unknown = JSON.parse((await consumer.run("stack", "output", "--json")).stdout);
    expect(outputs).toMatchObject({
      node: String(combination.node),
      sdk: combination.pulumi,
      id: `1001/${snapshot?.id}`,
      found: 50,
      prefixes: [`after-${snapshot?.id}`],
      databases: 1,
    });

    // No drift and no change, in one run of the CLI.
    const again = await consumer.run("up", "--yes", "--skip-preview", "--refresh", "--expect-no-changes");
    expect(again.code, again.output).toBe(0);
    simulator.cloud.renameSnapshot(snapshot?.id ?? "", "renamed behind its back");
    const drift = await consumer.run("refresh", "--preview-only", "--expect-no-changes");
    expect(drift.code, drift.output).toBe(7);
    // Warnings go through the engine's log service, by modules that only Pulumi itself can resolve under pnpm.
    const agreed = await consumer.run("up", "--yes", "--skip-preview", "--refresh");
    expect(agreed.code, agreed.output).toBe(0);
    expect(agreed.output).toContain("was renamed outside");
    expect(simulator.cloud.snapshots()).toMatchObject([{ id: snapshot?.id }]);

    const destroy = await consumer.run("destroy", "--yes", "--skip-preview");
    expect(destroy.code, destroy.output).toBe(0);
    expect(simulator.cloud.snapshots()).toEqual([]);
  } finally {
    consumer.dispose();
    await simulator.close();
  }
}

/** How a combination is called in the list of tests. */
export function titleOf({ installer, pulumi, node, program }: Combination): string {
  return `${installer}, @pulumi/pulumi ${pulumi}, Node ${node}, ${program}`;
}
