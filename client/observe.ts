import { compact } from "./compact";
import { codeOf } from "./failure";
import type { Settings } from "./options";
import type { Once } from "./retry";

/** Calls `onAttempt` for every attempt. */
export function withObserver(once: Once, settings: Pick<Settings, "onAttempt" | "clock">): Once {
  const { onAttempt, clock } = settings;
  if (onAttempt === undefined) return once;
  return async (request, attempt, options) => {
    const startedAt = clock.now();
    const outcome = await once(request, attempt, options);
    const { operation, method, path } = request;
    const durationMs = clock.now() - startedAt;
    const event =
      "answer" in outcome
        ? { status: outcome.answer.status, outcome: "ok" as const, date: outcome.answer.date }
        : { status: outcome.failure.status, outcome: codeOf(outcome.failure) };
    try {
      onAttempt({ operation, method, path, attempt, durationMs, ...compact(event) });
    } catch {
      // An observer's fault must not turn a request that was made into one that looks failed.
    }
    return outcome;
  };
}
