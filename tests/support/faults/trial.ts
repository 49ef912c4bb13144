import type { Fault, OperationName, Simulator } from "../../../simulator";
import { hasStableCode } from "./code";
import { WRONG_ANSWERS, type WrongAnswer } from "./kinds";

/** For how long an answer is waited for, and how often a wait looks: durations. */
export interface Patience {
  requestTimeout: string;
  pollInterval: string;
}

/** No busy machine is slower. */
export const PATIENT: Patience = { requestTimeout: "60s", pollInterval: "25ms" };
/**
 * For answers that never come: long enough that one which does come is not taken for lost. What a lost answer has left
 * is looked for during twice as long, so that each look costs more than it finds.
 */
const IMPATIENT: Patience = { requestTimeout: "3s", pollInterval: "300ms" };

/** A program with its state and an account of its own. */
export interface Subject {
  readonly simulator: Simulator;
  /** `pulumi up`. */
  up(): Promise<Outcome>;
  /** What must not be even while answers are wrong: something lost, something done twice. */
  losses(): string[];
  /** What of state and cloud do not agree. */
  disagreements(): string[];
  /** Sets for how long each answer is waited for from now on, and how often a wait looks. */
  waitFor(patience: Patience): void;
  close(): Promise<void>;
}

/** How an operation of the engine ended. */
export interface Outcome {
  /** Their texts. */
  errors: readonly string[];
}

/** An operation of the engine in which one call of the API goes wrong. */
export interface Scene<S extends Subject, Options = undefined> {
  name: string;
  call: OperationName;
  /** How many such calls go well first. */
  skip?: number;
  /** The call changes something, so that it matters whether it had its effect. */
  writes?: boolean;
  /** What the account is made of. */
  options?: Options;
  /** Brings the account to where the fault strikes. */
  before?: (subject: S) => Promise<void>;
  /** The operation under test; what it must have done is what the program says by then. */
  act: (subject: S) => Promise<Outcome>;
}

export interface Trial<S extends Subject, Options = undefined> {
  scene: Scene<S, Options>;
  wrong: WrongAnswer;
  phase: Fault["phase"];
  times: number;
}

/** Makes the account of a scene. */
export type Open<S extends Subject, Options> = (options?: Options) => Promise<S>;

/** Every wrong answer. Once: a repetition helps. Twice: with one repetition allowed, the call fails. */
export function trialsOf<S extends Subject, Options>(scene: Scene<S, Options>): Trial<S, Options>[] {
  return WRONG_ANSWERS.flatMap((wrong) => {
    const trial = (phase: Fault["phase"], times: number) => ({ scene, wrong, phase, times });
    const counts = wrong.once === true ? [1] : [1, 2];
    if (scene.writes !== true) return [trial("before", Math.max(...counts))];
    const before = counts.map((times) => trial("before", times));
    const after = counts.map((times) => trial("after", times));
    return wrong.refusesEntry === true ? before : [...before, ...after];
  });
}

/** Longer than any trial may take: what is still under way then waits for ever. */
const FOR_EVER_MS = 300_000;
const AT_ONCE = 5;

/** Runs the trials, many at a time, and returns what went wrong, one line each. */
export async function runTrials<S extends Subject, Options>(
  open: Open<S, Options>,
  trials: readonly Trial<S, Options>[],
): Promise<string[]> {
  const problems: string[] = [];
  const waiting = [...trials];
  const work = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      const name = nameOf(trial);
      const found = await bounded(runTrial(open, trial));
      problems.push(...found.map((text) => `${name}: ${text}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return problems;
}

function nameOf<S extends Subject, Options>({ scene, wrong, phase, times }: Trial<S, Options>): string {
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

async function runTrial<S extends Subject, Options>(
  open: Open<S, Options>,
  trial: Trial<S, Options>,
): Promise<string[]> {
  const { scene } = trial;
  const subject = await open(scene.options);
  try {
    await scene.before?.(subject);
    return await strike(subject, trial);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  } finally {
    await subject.close();
  }
}

async function strike<S extends Subject, Options>(
  subject: S,
  { scene, wrong, phase, times }: Trial<S, Options>,
): Promise<string[]> {
  const { call, skip = 0 } = scene;
  const { faults, requests } = subject.simulator;
  faults.add({ operation: call, phase, kind: wrong.kind, times, skip });
  subject.waitFor(wrong.hangs === true ? IMPATIENT : PATIENT);
  const struck = await scene.act(subject);
  subject.waitFor(PATIENT);
  const problems = struck.errors
    .filter((text) => !hasStableCode(text))
    .map((text) => `an error without a stable code: ${text}`);
  if (requests.all().every((one) => one.faults.length === 0)) problems.push("the fault never struck");
  problems.push(...subject.losses());
  faults.clear();
  const unsettled = struck.errors.length > 0 || disagreements(subject).length > 0;
  if (unsettled) problems.push(...(await inCalm(subject)));
  return [...problems, ...disagreements(subject)];
}

function disagreements(subject: Subject): string[] {
  const off = subject.simulator.cloud.servers().filter(({ powerState }) => powerState !== "Running");
  return [...off.map(({ cloudId }) => `server ${cloudId} was left off`), ...subject.disagreements()];
}

/** What a program does once Utho answers as it should. */
async function inCalm(subject: Subject): Promise<string[]> {
  const again = await subject.up();
  return again.errors.map((text) => `an error in calm weather: ${text}`);
}
