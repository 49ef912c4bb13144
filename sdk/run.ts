import * as pulumi from "@pulumi/pulumi";
import type { ProviderRuntime } from "../provider/utho/runtime";

/** Copies of this package in one process share this mark: a resource of one makes the answers of another stale. */
const DECLARED = Symbol.for("pulumi-utho:declared");

const memories = new WeakMap<object, Map<string, ProviderRuntime>>();

/**
 * What distinguishes one run of a program from another: its connection to the engine, or its mocks. The Automation API runs
 * several programs in one process, at the same time too, and one program again and again; what a run has learned must
 * end with it. `undefined` where a program runs without Pulumi.
 */
function thisRun(): object | undefined {
  const monitor: unknown = pulumi.runtime.getMonitor();
  return typeof monitor === "object" && monitor !== null ? monitor : undefined;
}

/** Called by each resource: look-ups share answers, which a resource makes stale as soon as it is made. */
export function noteDeclaration(): void {
  const run = thisRun();
  if (run !== undefined) Reflect.set(run, DECLARED, true);
}

/** Whether this run has declared a resource that changes what there is. */
export function hasDeclared(): boolean {
  const run = thisRun();
  return run !== undefined && Reflect.get(run, DECLARED) === true;
}

const answered = new WeakMap<object, Set<string>>();

/** Takes note of the snapshots that a look-up of this run has found: their ids are not written in the program. */
export function noteAnswered(snapshots: readonly { id: string }[]): void {
  const run = thisRun();
  if (run === undefined) return;
  const ids = answered.get(run) ?? new Set();
  answered.set(run, ids);
  for (const { id } of snapshots) ids.add(id);
}

/** Whether a look-up of this run has found the snapshot of this id. */
export function hasAnswered(id: string): boolean {
  const run = thisRun();
  return run !== undefined && answered.get(run)?.has(id) === true;
}

/** The connections that this run's look-ups have made, each by its settings. */
export function connectionsOfThisRun(): Map<string, ProviderRuntime> {
  const run = thisRun();
  if (run === undefined) return new Map();
  const known = memories.get(run) ?? new Map<string, ProviderRuntime>();
  memories.set(run, known);
  return known;
}

/** Whether `pulumi.runtime.setMocks` is in force. Pulumi has no public question for it. */
export function isMocked(): boolean {
  return thisRun()?.constructor.name === "MockMonitor";
}
