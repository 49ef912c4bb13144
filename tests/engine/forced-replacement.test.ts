import { afterEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { type Run, Stack } from "../support/stack";

/** What a resource of each kind is made of, and what shows in the cloud that a new one was made. */
const KINDS = [
  {
    kind: "Snapshot",
    args: '{ cloudId: "1001" }',
    made: "snapshot.create",
    changed: '{ cloudId: "1001", triggers: ["new"] }',
  },
  {
    kind: "SnapshotRestore",
    args: '{ snapshot: "1002/7001" }',
    made: "snapshot.restore",
    changed: '{ snapshot: "1002/7001", triggers: ["new"] }',
  },
  {
    kind: "ServerClone",
    args: '{ snapshot: "1002/7001", hostname: "copy-1", planId: "10046" }',
    made: "server.deploy",
    changed: undefined,
  },
] as const;

describe.each(KINDS)(
  "a forced replacement of a $kind within the takeover window",
  ({ kind, args, made, changed }) => {
    let simulator: Simulator;
    let stack: Stack;

    afterEach(async () => {
      stack.dispose();
      await simulator.close();
    });

    /** `options` is JavaScript; `beside` is a second resource that the first may hang on. */
    const program = (options: string, of: string = args, beside = ""): string =>
      `${beside}\nnew utho.${kind}("one", ${of}, ${options});`;

    async function begin(first: string): Promise<string> {
      simulator = await startSimulator();
      simulator.cloud.addSnapshot({ id: "7001", cloudId: "1002", name: "golden" });
      stack = await Stack.create({ program: first, simulator });
      const up = await stack.up();
      expect(up.code, up.output).toBe(0);
      const { deployment } = await stack.export();
      return deployment.resources?.find(({ urn }) => urn.endsWith("::one"))?.urn ?? "";
    }

    const count = (): number => simulator.requests.count(made);

    async function mustBeNew(run: Run, times: number): Promise<void> {
      expect(run.code, run.output).toBe(0);
      expect(count()).toBe(times);
      const next = await stack.up("--expect-no-changes");
      expect(next.code, next.output).toBe(0);
      expect(count()).toBe(times);
    }

    async function mustStayAnError(run: Run): Promise<void> {
      for (const one of [run, await stack.up()]) {
        expect(one.code, one.output).not.toBe(0);
        expect(one.output).toContain("UTHO_TAKEN_OVER");
      }
      expect(count()).toBe(1);
    }

    it("makes a new one by replacementTrigger, and by replaceWith", async () => {
      const beside = (version: string) =>
        `const base = new utho.Snapshot("base", { cloudId: "1002", triggers: ["${version}"] });`;
      const servers = (options: string, version: string) => program(options, args, beside(version));
      simulator = await startSimulator();
      simulator.cloud.addSnapshot({ id: "7001", cloudId: "1002", name: "golden" });
      stack = await Stack.create({
        program: servers('{ replacementTrigger: "1", replaceWith: [base] }', "v1"),
        simulator,
      });
      const first = await stack.up();
      expect(first.code, first.output).toBe(0);
      const before = count();
      stack.setProgram(servers('{ replacementTrigger: "2", replaceWith: [base] }', "v1"));
      await mustBeNew(await stack.up(), before + 1);
      stack.setProgram(servers('{ replacementTrigger: "2", replaceWith: [base] }', "v2"));
      const with2 = await stack.up();
      expect(with2.code, with2.output).toBe(0);
      expect(count()).toBe(kind === "Snapshot" ? before + 3 : before + 2);
    });

    it("by --replace stays an error until there is a new one: with --refresh, or by changed triggers", async () => {
      const urn = await begin(program("{}"));
      await mustStayAnError(await stack.up("--replace", urn));
      await mustBeNew(await stack.up("--refresh", "--replace", urn), 2);
      if (changed === undefined) return;
      await stack.up("--replace", urn);
      stack.setProgram(program("{}", changed));
      await mustBeNew(await stack.up(), 3);
    });

    it("by taint stays an error until there is a new one: with the window closed, or over", async () => {
      const urn = await begin(program("{}"));
      const tainted = await stack.run(["state", "taint", urn, "--yes"]);
      expect(tainted.code, tainted.output).toBe(0);
      await mustStayAnError(await stack.up());
      await stack.run(["config", "set", "utho:takeoverWindow", "0"]);
      await mustBeNew(await stack.up("--replace", urn), 2);
      await stack.run(["config", "set", "utho:takeoverWindow", "1ms"]);
      await mustBeNew(await stack.up("--replace", urn), 3);
    });
  },
);
