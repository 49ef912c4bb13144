import { isObject } from "../json";
import type { Exchange } from "../observer/exchange";
import { isRefusal, isSuccess, messageOf, serverIn } from "../observer/rows";
import { distinct, type Evidence, type Finding, finding } from "./finding";

/** How an answer that is no success looks: its shape and its HTTP status. */
export function shapeOfRefusal(exchange: Exchange | undefined): string | undefined {
  if (exchange === undefined) return undefined;
  const { answer } = exchange;
  if (answer === undefined) return "no answer";
  return `${bodyShape(exchange)} in HTTP ${answer.status}`;
}

function bodyShape({ answer }: Exchange): string {
  const json = answer?.json;
  if (!isObject(json)) return answer?.kind === "json" ? "a list" : `${answer?.kind ?? "no"} body`;
  if (Array.isArray(json.errors)) return "errors list";
  const named = ["status", "message"].filter((key) => key in json);
  return named.length === 0 ? `{${Object.keys(json).join(",")}}` : named.join("+");
}

function quoted(exchange: Exchange | undefined): string | undefined {
  return exchange === undefined ? undefined : messageOf(exchange);
}

export function refusals(evidence: Evidence): Finding[] {
  return [errorShape(evidence), wrongToken(evidence), unknownServer(evidence), rateLimit(evidence)];
}

/** A call that Utho does not have, a wrong token and a read-only one are points of their own. */
function errorShape({ exchanges, probes }: Evidence): Finding {
  const refused = exchanges.filter(
    (one) => isRefusal(one) && one.wrongToken !== true && one !== probes.readOnlyWrite && !isNoCall(one),
  );
  const shapes = distinct(refused.map(shapeOfRefusal));
  return finding("error-shape", "Shape and HTTP status of a refusal", shapes, {
    details: {
      refusals: refused.length,
      wording: distinct(refused.map((one) => JSON.stringify(quoted(one)))),
    },
    samples: firstOfEach(refused, shapeOfRefusal),
  });
}

function isNoCall(exchange: Exchange): boolean {
  return /^not found [a-z]+$/i.test(messageOf(exchange) ?? "");
}

function wrongToken({ probes }: Evidence): Finding {
  const answer = shapeOfRefusal(probes.wrongToken);
  return finding("wrong-token", "Answer to a wrong token", answer, {
    details: { wording: quoted(probes.wrongToken) },
    samples: [probes.wrongToken],
  });
}

function unknownServer({ probes: { unknownServer: exchange } }: Evidence): Finding {
  const json = exchange?.answer?.json;
  const empty = isObject(json) && Array.isArray(json.cloud) && json.cloud.length === 0;
  const answer =
    exchange !== undefined && isSuccess(exchange) && empty
      ? `empty list in HTTP ${exchange.answer?.status}`
      : shapeOfRefusal(exchange);
  return finding("unknown-server", "GET /cloud/{id} of a server that does not exist", answer, {
    details: { wording: exchange !== undefined && isRefusal(exchange) ? quoted(exchange) : undefined },
    samples: [exchange],
  });
}

function rateLimit({ exchanges }: Evidence): Finding {
  const limited = exchanges.filter(({ answer }) => answer?.status === 429);
  const [first, last] = [exchanges[0], exchanges.at(-1)];
  const minutes = first === undefined || last === undefined ? 0 : (last.answeredAt - first.sentAt) / 60_000;
  return finding("rate-limit", "HTTP 429", limited.length === 0 ? "not met" : "met", {
    details: {
      requests: exchanges.length,
      minutes: Math.round(minutes * 10) / 10,
      refused: limited.length,
      retryAfter: distinct(limited.map(({ answer }) => answer?.retryAfter ?? "absent")),
    },
    samples: limited.slice(0, 1),
  });
}

export function firstOfEach(
  exchanges: readonly Exchange[],
  keyOf: (exchange: Exchange) => string | undefined,
): Exchange[] {
  const firsts = new Map<string, Exchange>();
  for (const exchange of exchanges) {
    const key = keyOf(exchange) ?? "";
    if (!firsts.has(key)) firsts.set(key, exchange);
  }
  return [...firsts.values()];
}

/** Whether what was asked for on a server was accepted, or how it was refused. */
export function acceptedOrRefused(exchange: Exchange | undefined): string | undefined {
  if (exchange === undefined) return undefined;
  return isSuccess(exchange) ? "accepted" : `refused: ${shapeOfRefusal(exchange)}`;
}

/** The disposable server in the first answer about it. */
export function serverOf({ probes, cloudId }: Evidence) {
  return probes.server === undefined ? undefined : serverIn(probes.server, cloudId);
}
