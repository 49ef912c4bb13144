import type { Snapshot } from "../../client";
import { compact } from "../../client/compact";
import { formatDuration } from "../duration";
import type { Made, RawInputs } from "../engine/inputs";
import type { EngineMemory } from "../engine/memory";
import { plain, sealTriggers } from "../engine/values";
import { PartialFailure, ProviderFailure, toFailure } from "../failure";
import { findKept, type Kept, takeKept } from "../utho/keep";
import { formatSnapshotId, markOf, parseSnapshotId, type SnapshotRef, takenAtOf } from "../utho/names";
import { requireReady, untilReady } from "../utho/ready";
import type { Operation, ProviderRuntime } from "../utho/runtime";
import { findSource, requireRoom, type Source } from "../utho/source";
import { inTurn } from "../utho/turn";
import {
  isKeyOf,
  type Phase,
  type RestoreInputs,
  type RestoreMemory,
  type RestoreOutputs,
  type RestoreState,
  restoreKey,
  subjectOf,
} from "./contract";
import { untilRestored } from "./finish";
import { restoreSince, type SentRestore, sendRestore } from "./send";

/** Restores once; what `diff` learned of a restore that this one replaces is gone on from. */
export function createRestore(
  runtime: ProviderRuntime,
  memory: RestoreMemory,
  inputs: RestoreInputs,
): Promise<Made> {
  const { resourceUrn } = inputs;
  return inTurn(runtime, "create", subjectOf(inputs), async (operation) => {
    const replaced = memory.announced.get(resourceUrn ?? "");
    // A restore is an event: a second one of the same snapshot is another.
    const id = `${inputs.snapshot}@${new Date(operation.startedAt).toISOString().replace(/\.\d+Z$/, "Z")}`;
    if (replaced?.carried !== undefined) memory.carried.set(replaced.carried, true);
    const history = compact({
      phase: "safe" as const,
      done: replaced?.done,
      safetySnapshotId: replaced?.carried,
    });
    const outs = await new Restoration(operation, inputs, history, id, runtime.memory).run();
    memory.announced.delete(resourceUrn ?? "");
    return { id, outs };
  });
}

type RestoreHistory = Pick<
  RestoreState,
  "done" | "safetySnapshotId" | "safetySnapshotName" | "phase" | "actionId" | "unasked"
>;

interface Target extends Source {
  server: NonNullable<Source["server"]>;
}

/** Serves create, and update after a failure: what was asked for already is not asked for again. */
export class Restoration {
  private readonly what: string;
  private phase: Phase;
  /** Whether a restore may have been asked for since the safety snapshot that state knows. */
  private asked: boolean;
  private safety: Snapshot | undefined;
  private sent: SentRestore | undefined;

  constructor(
    private readonly operation: Operation,
    private readonly inputs: RestoreInputs,
    private readonly history: RestoreHistory,
    private readonly resourceId: string,
    private readonly memory: EngineMemory,
  ) {
    this.what = `server ${operation.cloudId} to snapshot ${inputs.snapshot}`;
    this.phase = history.phase;
    this.asked = history.safetySnapshotId !== undefined && history.unasked !== true;
  }

  async run(): Promise<Record<string, unknown>> {
    const target = await this.check();
    try {
      await this.keepPresentState(target);
      await this.restore();
    } catch (error) {
      throw this.withState(error, target);
    }
    this.phase = "restored";
    return plain(this.state(target));
  }

  private async check(): Promise<Target> {
    const { account, clock, cloudId } = this.operation;
    const attempted = `restore ${this.what}`;
    const times = { notBefore: clock.now(), now: clock.now() };
    const source = await findSource(account, parseSnapshotId(this.inputs.snapshot), times, attempted);
    if (this.history.phase === "safe") requireRoom(source, attempted);
    if (source.server !== undefined) return { ...source, server: source.server };
    throw new ProviderFailure({
      code: "UTHO_SERVER_NOT_FOUND",
      attempted,
      because: `Utho knows no server ${cloudId} in the account of this token, and a snapshot is restored only onto its own server.`,
      kept: "nothing was made or changed.",
      next: "to bring its contents back on a new server, use ServerClone with this snapshot.",
    });
  }

  private async keepPresentState(target: Target): Promise<void> {
    const safety = await this.findOrTake(target);
    if (safety === undefined) return;
    this.safety = safety.snapshot;
    const readiness = await untilReady(this.operation, safety.snapshot);
    this.safety = readiness.snapshot;
    requireReady(this.operation, readiness);
    // What an interrupted run did after its safety snapshot is in no state, only in Utho's record.
    if (safety.origin === "left") this.phase = "unsure";
  }

  private async findOrTake({ server }: Target): Promise<Kept | undefined> {
    const { safetySnapshotId: known } = this.history;
    if (this.inputs.safetySnapshot === false && known === undefined) return undefined;
    const { resourceUrn: urn = "", mark = markOf(urn) } = this.inputs;
    const keeping = { urn, mark, purpose: "before" } as const;
    const found = await findKept(this.operation, server, keeping, {
      memory: this.memory,
      known: known !== undefined && this.isOutdated(known) ? undefined : known,
    });
    // A restore that is under way already leaves nothing of the former state to keep.
    if (found !== undefined || this.phase === "sent") return found;
    return takeKept(this.operation, server, keeping);
  }

  /**
   * Where a run ended before it asked for the restore, for example by a Ctrl-C, people may have worked on the server
   * since. After `utho:takeoverWindow` the safety snapshot of that run no longer stands for what is about to be lost.
   */
  private isOutdated(known: SnapshotRef): boolean {
    const { account, clock, progress } = this.operation;
    const takenAt = takenAtOf({ name: this.history.safetySnapshotName });
    if (this.asked || takenAt === undefined) return false;
    const age = clock.now() - takenAt;
    if (age < account.settings.takeoverWindow) return false;
    progress.warn(
      `Safety snapshot ${known} was taken ${formatDuration(age)} ago, and no restore was asked for since: the server may have changed, so its present state is kept in another one. ${known} remains, is in no state, and costs money; delete it in Utho's console.`,
    );
    return true;
  }

  private async restore(): Promise<void> {
    const { history, operation } = this;
    if (this.phase === "sent") {
      this.sent = { sentAt: operation.clock.now(), actionId: history.actionId, seenDown: false };
    } else if (this.phase === "unsure") {
      this.sent = await this.sentEarlier();
    }
    this.sent ??= await this.send();
    this.phase = "sent";
    try {
      await untilRestored(operation, this.sent, this.what);
    } catch (error) {
      // A restore that failed is asked for again by the next run; one that is not seen to end is not.
      if (error instanceof ProviderFailure && error.code === "UTHO_RESTORE_FAILED") this.phase = "safe";
      throw error;
    }
  }

  private async send(): Promise<SentRestore> {
    this.phase = "safe";
    this.asked = true;
    try {
      return await sendRestore(this.operation, parseSnapshotId(this.inputs.snapshot).snapshotId);
    } catch (error) {
      if (error instanceof ProviderFailure && error.code === "UTHO_RESTORE_UNSURE") this.phase = "unsure";
      throw error;
    }
  }

  /** The restore that an earlier run asked for, as far as Utho's record shows. */
  private async sentEarlier(): Promise<SentRestore | undefined> {
    const { operation, safety } = this;
    if (safety === undefined) return undefined;
    const action = await restoreSince(operation, safety);
    if (action === undefined || action.status?.is === "failed") return undefined;
    operation.progress.warn(
      `Utho's record shows a restore of server ${operation.cloudId} that was asked for after the safety snapshot (action ${action.id}); the request is not repeated. To restore once more: another value of \`triggers\`, or --again of the command \`restore\`.`,
    );
    return { sentAt: operation.clock.now(), actionId: action.id, seenDown: false };
  }

  private state(target: Target): RestoreState {
    const { history, inputs, operation } = this;
    const { done = [] } = history;
    const restored = this.phase === "restored";
    const triggersDigest = sealTriggers(inputs.triggers);
    const key = restoreKey(inputs.snapshot, triggersDigest);
    const safetySnapshotId =
      this.safety === undefined
        ? history.safetySnapshotId
        : formatSnapshotId({ cloudId: operation.cloudId, snapshotId: this.safety.id });
    return compact({
      snapshot: inputs.snapshot,
      cloudId: operation.cloudId,
      serverName: target.server.hostname,
      snapshotName: target.snapshot.name,
      snapshotCreatedAt: target.createdAt,
      restoredSnapshotId: restored ? inputs.snapshot : undefined,
      restoredAt: restored ? new Date(operation.clock.now()).toISOString() : undefined,
      safetySnapshotId,
      safetySnapshotName: this.safety?.name,
      phase: this.phase,
      triggersDigest,
      done: restored ? [...done.filter((one) => !isKeyOf(one, inputs)), key] : [...done],
      actionId: restored ? undefined : this.sent?.actionId,
      unasked: this.phase === "safe" && !this.asked ? true : undefined,
      resourceUrn: inputs.resourceUrn,
      timeouts: inputs.timeouts,
    } satisfies Record<keyof RestoreOutputs, unknown> & RawInputs);
  }

  /** The failure with what exists by now, so that the safety snapshot is never in no state. */
  private withState(error: unknown, target: Target): unknown {
    const failure = toFailure(error, `restore ${this.what}`);
    if (this.safety === undefined && this.phase === "safe") return failure;
    const kept =
      this.safety === undefined
        ? failure.story.kept
        : `${failure.story.kept} The state before it is in safety snapshot ${this.operation.cloudId}/${this.safety.id}, which state knows.`;
    return new PartialFailure({ ...failure.story, kept }, this.resourceId, plain(this.state(target)));
  }
}
