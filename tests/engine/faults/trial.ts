import type { Fault, OperationName } from "../../../simulator";
import type { Ended } from "../../support/mini-engine";
import type { PluginHost } from "../../support/plugin";
import { Account, type AccountOptions, hasStableCode } from "./account";
import type { WrongAnswer } from "./kinds";

/** An operation of the engine in which one call of the API goes wrong. */
export interface Scene {
  name: string;
  call: OperationName;
  /** How many such calls go well first. */
  skip?: number;
  /** The call changes something, so that it matters whether it had its effect. */
  writes?: boolean;
  options?: AccountOptions;
  /** Brings the account to where the fault strikes. */
  before?: (account: Account) => Promise<void>;
  /** The operation under test; what it must have done is what the program says by then. */
  act: (account: Account) => Promise<Ended>;
}

export interface Trial {
  scene: Scene;
  wrong: WrongAnswer;
  phase: Fault["phase"];
  times: number | "always";
}

/** Longer than any trial may take: what is still under way then waits for ever. */
const FOR_EVER_MS = 90_000;
const AT_ONCE = 16;

/** Runs the trials, many at a time, and tells what went wrong, one line each. */
export async function runTrials(host: PluginHost, trials: readonly Trial[]): Promise<string[]> {
  const problems: string[] = [];
  const waiting = [...trials];
  const work = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      const found = await bounded(runTrial(host, trial));
      problems.push(...found.map((text) => `${nameOf(trial)}: ${text}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return problems;
}

function nameOf({ scene, wrong, phase, times }: Trial): string {
  return `${scene.name}, ${wrong.name} ${phase} ${scene.call} (${times}×)`;
}

async function bounded(trial: Promise<string[]>): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const never = new Promise<string[]>((done) => {
    timer = setTimeout(() => done(["does not end"]), FOR_EVER_MS);
  });
  const problems = await Promise.race([trial, never]);
  clearTimeout(timer);
  return problems;
}

async function runTrial(host: PluginHost, trial: Trial): Promise<string[]> {
  const { scene, wrong } = trial;
  const patience = wrong.hangs === true ? "700ms" : "20s";
  const config = { "utho:requestTimeout": patience, ...scene.options?.config };
  const account = await Account.open(host, { ...scene.options, config });
  try {
    await scene.before?.(account);
    return await strike(account, trial);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await account.close();
  }
}

async function strike(account: Account, { scene, wrong, phase, times }: Trial): Promise<string[]> {
  const { call, skip = 0 } = scene;
  account.simulator.faults.add({ operation: call, phase, kind: wrong.kind, times, skip });
  const struck = await scene.act(account);
  const problems = struck.errors
    .filter((text) => !hasStableCode(text))
    .map((text) => `an error without a stable code: ${text}`);
  if (account.simulator.requests.all().every(({ faults }) => faults.length === 0))
    problems.push("the fault never struck");
  problems.push(...lost(account));
  account.simulator.faults.clear();
  if (struck.errors.length > 0) {
    const again = await account.up();
    problems.push(...again.errors.map((text) => `an error in calm weather: ${text}`));
  }
  const stillOff = account.simulator.cloud.server("1001").powerState !== "Running";
  if (stillOff) problems.push("the server was left off");
  return [...problems, ...account.disagreements()];
}

/** Whatever is declared and was there is there still; nothing is there twice. */
function lost(account: Account): string[] {
  const snapshots = account.simulator.cloud.snapshots();
  const problems: string[] = [];
  if (snapshots.length > 1) problems.push(`${snapshots.length} snapshots: a second one was made`);
  for (const name of account.program.keys()) {
    const id = account.idOf(name);
    if (id !== undefined && snapshots.every((one) => one.id !== id)) problems.push(`lost ${id}`);
  }
  return problems;
}
