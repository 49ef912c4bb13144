import type { Answer } from "./answer";

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
  const acknowledged = answer.verdict === "success" || answer.message !== undefined;
  return answer.message === undefined ? { acknowledged } : { acknowledged, message: answer.message };
}
