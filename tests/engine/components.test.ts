import { afterEach, describe, expect, it } from "vitest";
import { unpacked } from "../../provider/engine/inputs";
import { dynamicUrn } from "../../provider/utho/names";
import { type Simulator, startSimulator } from "../../simulator";
import { COMPONENTS, DEPENDENCIES } from "../support/component-programs";
import { Stack } from "../support/stack";

const logical = (urn: string): string => urn.split("::").slice(3).join("::");

describe("resources in components", () => {
  let simulator: Simulator;
  let stack: Stack;

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  async function nothingToDo(): Promise<void> {
    const preview = await stack.preview("--expect-no-changes", "--diff");
    expect(preview.code, preview.output).toBe(0);
    const drift = await stack.drift();
    expect(drift.code, drift.output).toBe(0);
    const up = await stack.up("--expect-no-changes");
    expect(up.code, up.output).toBe(0);
  }

  it("are made, depend only on what they use, and can be moved without a change", async () => {
    simulator = await startSimulator();
    stack = await Stack.create({
      program: `${COMPONENTS} const { site } = declare("shop"); exports.whole = site.last;`,
      simulator,
    });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const { deployment } = await stack.export();
    const resources = deployment.resources ?? [];
    for (const [name, properties] of Object.entries(DEPENDENCIES)) {
      const found = resources.find(({ urn }) => logical(urn) === name);
      expect(unpacked(found?.inputs ?? {}).resourceUrn).toBe(dynamicUrn(found?.urn ?? ""));
      const named = Object.entries(found?.propertyDependencies ?? {})
        .filter(([, urns]) => urns.length > 0)
        .map(([key, urns]) => [key, urns.map(logical)]);
      expect([name, Object.fromEntries(named)]).toEqual([name, properties]);
      expect([name, (found?.dependencies ?? []).map(logical)]).toEqual([
        name,
        [...new Set(Object.values(properties).flat())],
      ]);
    }
    const { whole } = await stack.outputs();
    expect(Object.keys(Object(whole))).not.toEqual(expect.arrayContaining(["resourceUrn"]));
    expect(Object.keys(Object(whole))).not.toEqual(expect.arrayContaining(["timeouts"]));
    await nothingToDo();

    // Moved by an alias, which the children inherit; then with the whole stack.
    const before = simulator.requests.all().filter(({ method }) => method !== "GET").length;
    stack.setProgram(`${COMPONENTS} declare("store", { aliases: [{ name: "shop" }] });`);
    await nothingToDo();
    await stack.rename("prod");
    await nothingToDo();
    expect(simulator.requests.all().filter(({ method }) => method !== "GET")).toHaveLength(before);

    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).toBe(0);
    // The rotation keeps its own; nothing else is left.
    expect(simulator.cloud.snapshots()).toMatchObject([{ cloudId: "1001" }]);
    expect(simulator.cloud.servers().map(({ cloudId }) => cloudId)).toEqual(["1001", "1002"]);
  });
});
