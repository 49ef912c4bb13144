import { expect, vi } from "vitest";
import type { Simulator } from "../../simulator";
import type { Props } from "./plugin";
import type { Point } from "./rotation-points";

const DAY = 24 * 3_600_000;

/** How an operation ended. */
interface Ended {
  changed?: boolean;
  error?: Error | string | undefined;
}

/** One rotation and its state, with whatever drives it. */
export interface KillableLife {
  up(program: Props): Promise<Ended>;
  destroy(): Promise<Ended>;
  /** The operation that runs ends here, and nothing of it is recorded. */
  kill(): void;
  /** Ids of the rotation's snapshots by its state. */
  ids(): string[];
  /** Time goes by. */
  advance(ms: number): void;
  now(): number;
}

/** Kills a run at a point, and looks at what the next one makes of what it left. */
export async function killAt(point: Point, life: KillableLife, simulator: Simulator): Promise<void> {
  const { before, days, program, hold, never, reached, leaves, leavesOff = [] } = point;
  const run = () => (program === undefined ? life.destroy() : life.up(program));
  const servers = Object.keys(leaves);
  const powers = (): string[] => servers.map((id) => simulator.cloud.server(id).powerState);

  for (let day = 0; day < days; day += 1) {
    expect((await life.up(before ?? program ?? {})).error).toBeUndefined();
    if (program !== undefined || day < days - 1) life.advance(DAY);
  }
  simulator.requests.clear();
  if (hold !== undefined) simulator.faults.add(hold);
  if (never !== undefined) {
    simulator.cloud.nextOutcome({ of: "snapshot", outcome: "never", cloudId: never });
  }
  const killed = run();
  const isThere = (): boolean =>
    (hold === undefined || simulator.faults.held > 0) && (reached?.(simulator) ?? true);
  await vi.waitUntil(isThere, { timeout: 60_000, interval: 5 });
  life.kill();
  simulator.faults.release();
  await killed;
  expect(powers()).toEqual(servers.map((id) => (leavesOff.includes(id) ? "Stopped" : "Running")));

  const next = run();
  if (never !== undefined) {
    // It is still in the making when the next run looks.
    const looks = simulator.requests.count("snapshot.listByDeploy") + 3;
    const hasLooked = (): boolean => simulator.requests.count("snapshot.listByDeploy") >= looks;
    await vi.waitUntil(hasLooked, { timeout: 60_000, interval: 5 });
    simulator.cloud.endOperations(never);
  }
  expect((await next).error).toBeUndefined();
  expect(powers()).toEqual(servers.map(() => "Running"));
  const left = simulator.cloud.snapshots();
  expect(left.map(({ status }) => status)).toEqual(left.map(() => "Active"));
  const ages = servers.map((id) => [id, daysAgo(simulator, id, life.now())]);
  expect(Object.fromEntries(ages)).toEqual(leaves);
  // The killed run and the next one together took one of each server.
  const taken = servers.map((id) => takenOf(simulator, id));
  expect(taken).toEqual(servers.map((id) => (leaves[id]?.includes(0) ? 1 : 0)));
  if (program === undefined) return;
  expect(life.ids().sort()).toEqual(left.map(({ cloudId, id }) => `${cloudId}/${id}`).sort());
  expect(await life.up(program)).toMatchObject({ changed: false });
}

/** How old the snapshots of a server are by their names, in days. */
function daysAgo(simulator: Simulator, cloudId: string, now: number): number[] {
  return simulator.cloud.snapshots(cloudId).map(({ name }) => {
    const date = /-(\d{4})(\d\d)(\d\d)t/i.exec(name)?.slice(1).join("-") ?? "";
    return Math.floor((now - Date.parse(date)) / DAY);
  });
}

/** How many snapshots of a server were begun since the requests were last cleared. */
function takenOf(simulator: Simulator, cloudId: string): number {
  return simulator.requests
    .all("snapshot.create")
    .filter((one) => one.cloudId === cloudId && one.meaning?.endsWith("begun") === true).length;
}
