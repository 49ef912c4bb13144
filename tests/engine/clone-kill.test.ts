import { afterEach, describe, expect, it } from "vitest";
import { type LoggedRequest, type Simulator, type SimulatorSettings, startSimulator } from "../../simulator";
import { Stack } from "../support/stack";
import { arrive, type Moment, stopRun, throughEachDoor } from "./kill/ways";

/** A moment in the run of a clone, and what the next run must make of it. */
interface Point extends Moment {
  at: string;
  settings?: Partial<SimulatorSettings>;
  /** Tried through the plugin in CI too. */
  inPlugin?: true;
  /** Up before; the run that is killed is `killed`. */
  first?: "small";
  killed: "small" | "large" | "none";
  takesOver: boolean;
  /** What the cloud does once the next run has looked for the server; only this ends the settings' delay. */
  afterwards?: (simulator: Simulator) => void;
}

const is = (operation: string) => (request: LoggedRequest) => request.operation === operation;
const copies = ({ cloud }: Simulator) => cloud.servers().filter(({ hostname }) => hostname === "copy");
const readsCopy = (request: LoggedRequest, simulator: Simulator): boolean =>
  is("server.read")(request) && copies(simulator).some(({ cloudId }) => cloudId === request.cloudId);

const isLook = ({ operation }: LoggedRequest): boolean =>
  operation === "server.list" || operation === "server.read";

/** Longer than any test: it ends when the test says so. */
const FOR_EVER = 3_600_000;

const POINTS: readonly Point[] = [
  {
    at: "before it is asked for",
    killed: "small",
    hold: { operation: "server.deploy", phase: "before", kind: { hold: true } },
    takesOver: false,
  },
  {
    at: "after it was asked for, before the answer",
    inPlugin: true,
    killed: "small",
    hold: { operation: "server.deploy", phase: "after", kind: { hold: true } },
    takesOver: true,
  },
  {
    at: "after it was asked for, and it is listed late",
    settings: { newServerListingLagMs: FOR_EVER },
    killed: "small",
    hold: { operation: "server.deploy", phase: "after", kind: { hold: true } },
    takesOver: true,
    afterwards: ({ cloud }) => cloud.setSettings({ newServerListingLagMs: 0 }),
  },
  {
    at: "while it is deployed",
    settings: { deployDurationMs: FOR_EVER },
    killed: "small",
    reached: readsCopy,
    takesOver: true,
    afterwards: ({ cloud }) => {
      for (const { cloudId } of cloud.servers()) cloud.endOperations(cloudId);
    },
  },
  {
    at: "in a replacement, before the old one is destroyed",
    first: "small",
    killed: "large",
    hold: { operation: "server.destroy", phase: "before", kind: { hold: true } },
    takesOver: false,
  },
  {
    at: "in a removal, after its effect",
    first: "small",
    killed: "none",
    hold: { operation: "server.destroy", phase: "after", kind: { hold: true } },
    takesOver: false,
  },
];

describe("a clone whose run is stopped", () => {
  let simulator: Simulator;
  let stack: Stack;

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  it.each(throughEachDoor(POINTS, 2))(
    "$point.at, by $way.by, through the $door door",
    async ({ door, point, way }) => {
      simulator = await startSimulator({ settings: point.settings });
      const { cloud, faults, requests } = simulator;
      cloud.setContents("1001", "golden contents");
      const golden = cloud.addSnapshot({ cloudId: "1001", name: "golden" });
      const clone = (planId: string): string =>
        `exports.id = new utho.ServerClone("copy", { snapshot: "1001/${golden.id}", hostname: "copy", planId: "${planId}" }).cloudId;`;
      const programs = { small: clone("10045"), large: clone("10046"), none: "" };
      stack = await Stack.create({
        program: programs[point.first ?? point.killed],
        simulator,
        config: { "utho:listingLag": point.settings?.newServerListingLagMs === undefined ? "2s" : "60s" },
        door,
      });
      if (point.first !== undefined) expect((await stack.up()).code).toBe(0);

      requests.clear();
      if (point.hold !== undefined) faults.add(point.hold);
      stack.setProgram(programs[point.killed]);
      const run = stack.start(["up", "--yes", "--skip-preview"]);
      await arrive(point, simulator);
      await stopRun(run, way, () => {
        faults.release();
        point.afterwards?.(simulator);
      });
      faults.assertAllFired();
      await stack.run(["cancel", "--yes"]);

      requests.clear();
      const nextRun = stack.start(["up", "--yes", "--skip-preview"]);
      if (point.afterwards !== undefined && !way.records) {
        await requests.waitFor(isLook, 90_000);
        point.afterwards(simulator);
      }
      const next = await nextRun.ended;
      expect(next.code, next.output).toBe(0);
      expect(next.output.includes("Took over server")).toBe(point.takesOver && !way.records);
      faults.release();
      const left = copies(simulator);
      expect(left).toHaveLength(point.killed === "none" ? 0 : 1);
      for (const server of left) {
        expect(server).toMatchObject({
          contents: "golden contents",
          powerState: "Running",
          status: "Active",
        });
        expect(await stack.outputs()).toEqual({ id: server.cloudId });
      }
      console.log(`[reliability] killed="clone: ${point.at}"`);
    },
  );
});
