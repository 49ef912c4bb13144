import type { Answer } from "./answer";
import { compact } from "./compact";

/** What Utho says to a request that changes something. */
export interface Acknowledgement {
  /**
   * False where HTTP says success but the body says nothing: empty, `null`, or without status and message.
   * Power and restore calls are known to answer so.
   */
  acknowledged: boolean;
  /** Utho's words. */
  message?: string;
}

/** Reads the acknowledgement of an answer that is no refusal. */
export function acknowledgementOf(answer: Answer): Acknowledgement {
  const { message, verdict } = answer;
  return compact({ acknowledged: verdict === "success" || message !== undefined, message });
}
