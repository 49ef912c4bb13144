import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { CloneLifecycle } from "../../../../provider/clone/lifecycle";
import { UNKNOWN } from "../../../../provider/engine/values";
import { PartialFailure } from "../../../../provider/failure";
import type { Lifecycle } from "../../../../provider/guard";
import { RestoreLifecycle } from "../../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../../provider/snapshot/lifecycle";
import type { ProviderRuntime } from "../../../../provider/utho/runtime";
import { type Simulator, startSimulator } from "../../../../simulator";
import { rigFor } from "../lifecycle-rig";
import { type Touched, touchedIn } from "./touched";

type Props = Record<string, unknown>;

/** One resource and its state, driven in the engine's order of calls, each operation in a process of its own. */
class Life {
  private known: { id: string; inputs: Props; outs: Props; broken: boolean } | undefined;

  constructor(
    private readonly simulator: Simulator,
    private readonly lifecycle: (runtime: ProviderRuntime) => Lifecycle,
  ) {}

  /** What a preview of this program says. Only then may something of it be unknown. */
  async preview(program: Props): Promise<string> {
    const { provider, said } = this.process();
    const news = { resourceUrn: "urn:pulumi:dev::tests::t::one", ...program };
    const { inputs } = await provider.check(this.known?.inputs ?? {}, news);
    if (this.known === undefined) return said.join("\n");
    const { replaces } = await provider.diff(this.known.id, this.known.outs, inputs);
    if (replaces.length > 0) await provider.check({}, news);
    return said.join("\n");
  }

  async up(program: Props): Promise<void> {
    const { provider } = this.process();
    const news = { resourceUrn: "urn:pulumi:dev::tests::t::one", ...program };
    const { known } = this;
    let { inputs } = await provider.check(known?.inputs ?? {}, news);
    try {
      const { changes, replaces } =
        known === undefined
          ? { changes: true, replaces: ["new"] }
          : await provider.diff(known.id, known.outs, inputs);
      if (replaces.length > 0) {
        if (known !== undefined) ({ inputs } = await provider.check({}, news));
        this.known = { ...(await provider.create(inputs)), inputs, broken: false };
        if (known !== undefined) await provider.delete(known.id, known.outs);
      } else if (known !== undefined && (changes || known.broken)) {
        this.known = {
          ...known,
          ...(await provider.update(known.id, known.outs, inputs)),
          inputs,
          broken: false,
        };
      }
    } catch (error) {
      if (!(error instanceof PartialFailure)) return;
      this.known = { id: error.id, outs: error.properties, inputs, broken: true };
    }
  }

  private process() {
    return rigFor(this.simulator, this.lifecycle, { "utho:takeoverWindow": "0s" });
  }
}

/** A step of a program: its inputs, which of them a preview does not know, and whether Utho refuses a call of it. */
interface Step {
  program: Props;
  unknown: string[];
  refused: boolean;
}

const stepsOf = (program: fc.Arbitrary<Props>, keys: string[]): fc.Arbitrary<Step[]> =>
  fc.array(
    fc.record({
      program,
      unknown: fc.oneof(
        { weight: 2, arbitrary: fc.constant<string[]>([]) },
        { weight: 1, arbitrary: fc.subarray(keys) },
      ),
      refused: fc.oneof(
        { weight: 3, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
    }),
    { minLength: 2, maxLength: 4 },
  );

/** Whether the preview named what happened, or called it unknown. */
function isAnnounced(text: string, { kind, id, cloudId }: Touched): boolean {
  const lines = text.split("\n");
  if (kind === "deleted") return lines.some((line) => line.includes(` ${id}`) && line.includes("is deleted"));
  if (kind === "destroyed")
    return lines.some((line) => line.includes(` ${id}`) && line.includes("is destroyed"));
  if (kind === "off") {
    return lines.some(
      (line) =>
        /switched off for the snapshot/.test(line) &&
        (line.includes(`erver ${cloudId} `) || line.startsWith("The server") || line.includes("not known")),
    );
  }
  return lines.some(
    (line) =>
      (line.includes(`Server ${cloudId}`) && line.includes("will be overwritten") && line.includes(id)) ||
      line.includes("will be overwritten with a snapshot that is not known before the update"),
  );
}

describe("what an update deletes, overwrites, switches off or destroys", () => {
  let simulator: Simulator;

  afterEach(() => simulator.close());

  async function holds(
    lifecycle: (runtime: ProviderRuntime) => Lifecycle,
    steps: fc.Arbitrary<Step[]>,
    refuses: "snapshot.create" | "snapshot.restore" | "server.deploy",
    wanted: readonly Touched["kind"][],
  ): Promise<void> {
    const kinds = new Set<string>();
    simulator = await startSimulator();
    await fc.assert(
      fc.asyncProperty(steps, async (given) => {
        await simulator.close();
        simulator = await startSimulator({
          settings: {
            snapshotDurationMs: 10,
            restoreDurationMs: 10,
            powerDurationMs: 10,
            deployDurationMs: 10,
          },
        });
        for (const name of ["golden", "silver"]) simulator.cloud.addSnapshot({ cloudId: "1001", name });
        const life = new Life(simulator, lifecycle);
        for (const { program, unknown, refused } of given) {
          const open = Object.fromEntries(unknown.map((key) => [key, UNKNOWN]));
          const text = await life.preview({ ...program, ...open });
          simulator.requests.clear();
          simulator.faults.clear();
          if (refused) {
            const body = { status: "error", message: "Not today" };
            simulator.faults.add({ operation: refuses, phase: "before", kind: { status: 422, body } });
          }
          await life.up(program);
          const touched = touchedIn(simulator);
          for (const { kind } of touched) kinds.add(kind);
          expect(
            touched.filter((one) => !isAnnounced(text, one)),
            text,
          ).toEqual([]);
        }
      }),
      { seed: 7, numRuns: 20 },
    );
    // The programs led to each of these at least once.
    expect([...kinds].sort()).toEqual(wanted);
  }

  it("the preview of a Snapshot has announced", async () => {
    const program = fc.record({
      cloudId: fc.constantFrom("1001", "1002"),
      triggers: fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 1 }),
      powerOff: fc.boolean(),
    });
    const steps = stepsOf(program, ["cloudId", "triggers", "powerOff"]);
    await holds((runtime) => new SnapshotLifecycle(runtime), steps, "snapshot.create", ["deleted", "off"]);
  });

  it("the preview of a SnapshotRestore has announced", async () => {
    const program = fc.record({
      snapshot: fc.constantFrom("1001/5001", "1001/5002"),
      triggers: fc.array(fc.constantFrom("a", "b"), { minLength: 1, maxLength: 1 }),
      safetySnapshot: fc.boolean(),
      acknowledgeDataLoss: fc.constant(true),
      acknowledgeMoving: fc.constant(true),
    });
    const steps = stepsOf(program, ["snapshot", "triggers", "safetySnapshot"]);
    await holds((runtime) => new RestoreLifecycle(runtime), steps, "snapshot.restore", [
      "deleted",
      "overwritten",
    ]);
  });

  it("the preview of a ServerClone has announced", async () => {
    const program = fc.record({
      snapshot: fc.constant("1001/5001"),
      hostname: fc.constantFrom("copy", "other"),
      planId: fc.constant("10045"),
    });
    const steps = stepsOf(program, ["snapshot", "hostname", "planId"]);
    await holds((runtime) => new CloneLifecycle(runtime), steps, "server.deploy", ["destroyed"]);
  });
});
