import { setTimeout as delay } from "node:timers/promises";
import { expect } from "vitest";
import type { Fault, LoggedRequest, Simulator } from "../../../simulator";
import { PLUGIN_COMMANDS, throughDoors } from "../../support/doors";
import { commandOf, familyOf, isAlive, killAll } from "../../support/processes";
import type { Run, RunningCommand } from "../../support/stack";

/** A moment in a run, at which it is stopped. */
export interface Moment {
  /** The request that is held there, if one is. */
  hold?: Fault;
  /** Beside that, or alone where nothing is held. */
  reached?: (request: LoggedRequest, simulator: Simulator) => boolean;
}

/** Waits until a run is there: for a request that is to be held, until it is; the request before it is too early. */
export async function arrive(moment: Moment, simulator: Simulator): Promise<void> {
  const { faults, requests } = simulator;
  const isThere = (request: LoggedRequest): boolean =>
    (moment.hold === undefined || faults.held > 0) && (moment.reached?.(request, simulator) ?? true);
  await requests.waitFor(isThere, 90_000);
}

/** A way to stop a run. */
export interface Way {
  by: string;
  stop: (run: RunningCommand) => Promise<void>;
  /** The engine still waits for the operation and records it. */
  records: boolean;
}

export const KILL_ALL: Way = {
  by: "SIGKILL of the CLI and its plugins",
  records: false,
  stop: async ({ child }) => {
    killAll(familyOf(child.pid ?? 0));
  },
};

export const KILL_CLI: Way = {
  by: "SIGKILL of the CLI alone",
  records: false,
  stop: async ({ child }) => void child.kill("SIGKILL"),
};

export const FIRST_CTRL_C: Way = {
  by: "the first Ctrl-C",
  records: true,
  stop: async (run) => {
    run.child.kill("SIGINT");
    await said(run, /cancel/i);
  },
};

export const SECOND_CTRL_C: Way = {
  by: "the second Ctrl-C",
  records: false,
  stop: async (run) => {
    run.child.kill("SIGINT");
    await said(run, /cancel/i);
    run.child.kill("SIGINT");
  },
};

const ALL: readonly Way[] = [KILL_ALL, KILL_CLI, FIRST_CTRL_C, SECOND_CTRL_C];

/**
 * Points with the ways in which each is tried: all of them where UTHO_KILL_EVERY is set, as `npm run reliability` does;
 * else SIGKILL of everything, and each other way at one point, from the point `from` on.
 */
export function inEachWay<P>(points: readonly P[], from = 1): { point: P; way: Way }[] {
  const every = process.env.UTHO_KILL_EVERY !== undefined;
  return points.flatMap((point, index) =>
    ALL.filter((way, which) => every || way === KILL_ALL || index === from + which - 1).map((way) => ({
      point,
      way,
    })),
  );
}

/**
 * The cases of `inEachWay` through each door. Of the plugin's CI has the first Ctrl-C, which it takes in a way of its own,
 * and SIGKILL at the points `inPlugin`.
 */
export function throughEachDoor<P extends { inPlugin?: true }>(points: readonly P[], from = 1) {
  return throughDoors(
    inEachWay(points, from),
    ({ point, way }) => way === FIRST_CTRL_C || (way === KILL_ALL && point.inPlugin === true),
  );
}

/**
 * Stops a run and waits for its end. What the simulator holds is released where the engine goes on to the end, by
 * `release`. Afterwards no plugin of the run may be left: none outlives its engine.
 */
export async function stopRun(run: RunningCommand, way: Way, release: () => void): Promise<Run> {
  const family = familyOf(run.child.pid ?? 0);
  const plugins = family.filter((pid) => PLUGIN_COMMANDS.test(commandOf(pid)));
  expect(plugins, "a run without a plugin is not what is to be stopped").not.toEqual([]);
  await way.stop(run);
  if (way.records) release();
  const ended = await run.ended;
  // After the first Ctrl-C the engine ends what it has begun; if that was all there was to do, it ended well.
  if (!way.records) expect(ended.code, ended.output).not.toBe(0);
  for (let waited = 0; waited < 20_000 && plugins.some(isAlive); waited += 100) await delay(100);
  expect(plugins.filter(isAlive), "plugins that outlive their engine").toEqual([]);
  // The language host is Pulumi's own, and is ended here.
  killAll(family.filter(isAlive));
  return ended;
}

/** Waits until the CLI has said something. */
async function said(run: RunningCommand, what: RegExp): Promise<void> {
  for (let waited = 0; waited < 20_000 && !what.test(run.outputSoFar()); waited += 50) await delay(50);
  expect(run.outputSoFar(), "the CLI did not take the Ctrl-C").toMatch(what);
}
