import { interpret } from "./answer";
import { withObserver } from "./observe";
import type { Settings } from "./options";
import { withPace } from "./pace";
import { proxyFor } from "./proxy";
import { type Once, type Send, withRetry } from "./retry";
import { createTransport } from "./transport";

/**
 * Puts the steps of a request together, from the inside out:
 *
 * 1. transport: bytes there and back, once. Only it knows the token in clear and HTTP.
 * 2. interpret: body, envelope, verdict, with the token taken out of every text. It comes before the observer and
 *    the retry, because a refusal inside HTTP 200, or half a body, is a failure that they have to see.
 * 3. observer: inside the retry, so that it sees each attempt and not only the last.
 * 4. pace: each attempt waits for its turn where Utho has asked for fewer requests, whoever makes it.
 * 5. retry: outermost; it alone knows how many attempts there were, and so it makes the error.
 *
 * Reading the JSON into types comes after all of them (decode.ts): another attempt would bring the same shape.
 */
export function assemble(settings: Settings): Send {
  const proxy = proxyFor(settings.endpoint, process.env);
  const transport = createTransport(settings, proxy);
  const once: Once = async (request, attempt, options) => {
    const sent = await transport(request, options);
    const judge = { token: settings.token, nowMs: settings.clock.now(), attempt };
    const outcome = "failure" in sent ? sent : interpret(request, sent.answer, judge);
    if (!("failure" in outcome) || proxy === undefined) return outcome;
    return { failure: { ...outcome.failure, proxy: proxy.shown } };
  };
  return withRetry(withPace(withObserver(once, settings), settings.clock), settings);
}
