import { ProviderFailure } from "../failure";
import { type Look, watch } from "../utho/attempt";
import { Waking } from "../utho/power";
import type { Operation } from "../utho/runtime";
import { isRunning, wordsOf } from "../utho/status";
import { newcomer, restoresIfOffered, type SentRestore } from "./send";

type End = { restored: true } | { failed: string };

/** Utho's record of the restore counts; else the server was seen down and up, or ran on for longer than listings lag. */
export async function untilRestored(operation: Operation, sent: SentRestore, what: string): Promise<void> {
  const wait = new RestoreWait(operation, sent);
  const outcome = await watch<End>(operation, `restoring ${what}`, operation.deadline, () => wait.look());
  if ("timedOut" in outcome)
    throw new ProviderFailure({
      code: "UTHO_RESTORE_NOT_RUNNING",
      attempted: `restore ${what}`,
      because: `Utho accepted it, but the server did not run again within the timeout of ${operation.timeout}. Last seen: ${outcome.timedOut}.`,
      kept: `server ${operation.cloudId} may be overwritten already; the restore is not repeated.`,
      next: "run again: the next `pulumi up` goes on waiting for it; meanwhile look at the server in Utho's console.",
    });
  if ("failed" in outcome.done)
    throw new ProviderFailure({
      code: "UTHO_RESTORE_FAILED",
      attempted: `restore ${what}`,
      because: "Utho's record of actions says that it failed.",
      said: outcome.done.failed,
      kept: `server ${operation.cloudId} may be unchanged, or half restored.`,
      next: "run again: the next `pulumi up` asks for the restore once more. If it fails again, ask Utho's support.",
    });
}

class RestoreWait {
  private seenDown: boolean;
  private readonly waking: Waking;

  constructor(
    private readonly operation: Operation,
    private readonly sent: SentRestore,
  ) {
    this.seenDown = sent.seenDown;
    this.waking = new Waking(operation, operation.account.settings.listingLag);
  }

  async look(): Promise<Look<End>> {
    const { account, clock, cloudId } = this.operation;
    const action = newcomer(await restoresIfOffered(this.operation), this.sent);
    const server = await account.listing.server(cloudId, clock.now());
    const running = isRunning(server);
    if (!running) this.seenDown = true;
    const words = `server ${wordsOf(server)}`;
    if (action === undefined) {
      const patient = clock.now() - this.sent.sentAt >= account.settings.listingLag;
      if (!running || !(this.seenDown || patient)) return { waiting: words };
      if (!this.seenDown) this.tellUnseen();
      return { done: { restored: true } };
    }
    // Kept, so that a wait that does not end well can be gone on with by the next run.
    this.sent.actionId = action.id;
    const { status } = action;
    if (status?.is === "failed") return { done: { failed: action.message ?? status.word } };
    if (status?.is !== "success")
      return { waiting: `${status ?? "begun"} ${action.process ?? ""}%, ${words}` };
    if (running) {
      this.tellSwitchedOn();
      return { done: { restored: true } };
    }
    // A server that was off before the restore may stay off after it; a restore ends with the server running.
    await this.waking.seenOff();
    return { waiting: `restored, ${words}` };
  }

  /** Utho may accept what it then never does, and a fast restore looks the same: only a person can decide. */
  private tellUnseen(): void {
    const { cloudId, progress } = this.operation;
    progress.warn(
      `Utho accepted the restore of server ${cloudId}, but neither its record of actions nor the server's power state showed it. Check on the server whether its disk is that of the snapshot; if it is not, restore once more: by another value of \`triggers\`, or by --again of the command \`restore\`.`,
    );
  }

  private tellSwitchedOn(): void {
    const { cloudId, progress } = this.operation;
    if (this.waking.hasAsked)
      progress.info(`Server ${cloudId} stayed off after its restore and was switched on.`);
  }
}
