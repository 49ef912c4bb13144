import type { CloudId } from "../../client/request";
import { parseDuration } from "../duration";
import type { Timeouts } from "../engine/inputs";
import type { Progress } from "../engine/progress";
import { cancelled } from "./attempt";
import { backOnAfter, findLeftOff } from "./power";
import type { Operation, ProviderRuntime } from "./runtime";

/** Time that one operation may take by default; `customTimeouts` changes it. Utho documents 2 to 10 minutes a snapshot. */
export const DEFAULT_TIMEOUTS = { create: "30m", update: "30m", delete: "10m" } as const;

export interface OperationSubject {
  cloudId: CloudId;
  resourceUrn?: string | undefined;
  timeouts?: Timeouts | undefined;
  /** Where it reports, if not on the resource's own row. */
  progress?: Progress | undefined;
}

/**
 * Runs `work` when it is this server's turn. The timeout counts from then on: five snapshots of one server, each of
 * ten minutes, must not time out because they wait for one another. A server that `work` switches off, or that a killed
 * run left off, runs again at the end of the turn.
 */
export async function inTurn<T>(
  runtime: ProviderRuntime,
  kind: keyof typeof DEFAULT_TIMEOUTS,
  subject: OperationSubject,
  work: (operation: Operation) => Promise<T>,
): Promise<T> {
  const account = await runtime.account();
  const progress = subject.progress ?? runtime.progress(subject.resourceUrn);
  const timeout = subject.timeouts?.[kind] ?? DEFAULT_TIMEOUTS[kind];
  const { cloudId, resourceUrn } = subject;
  const run = async (): Promise<T> => {
    if (runtime.stop.isAsked) throw cancelled(subject);
    const startedAt = runtime.clock.now();
    const deadline = startedAt + (parseDuration(timeout) ?? 0);
    const operation: Operation = {
      account,
      clock: runtime.clock,
      progress,
      cloudId,
      resourceUrn,
      beforeWrite: runtime.lifeline,
      startedAt,
      deadline,
      timeout,
      stop: runtime.stop,
      off: {},
    };
    await findLeftOff(operation);
    return backOnAfter(operation, () => work(operation));
  };
  try {
    return await account.locks.inTurn(cloudId, run, (before) => {
      progress.status(`waiting for its turn on server ${cloudId} (${before} before it)`);
    });
  } finally {
    await progress.flush();
  }
}
