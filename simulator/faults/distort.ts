import type { WireAnswer } from "../answers/wire";
import { type FaultKind, isPausing, type PausingKind } from "./fault";

/** What goes onto the wire: an answer, half of one, or none. */
export type Delivery =
  | { deliver: "whole"; answer: WireAnswer }
  | { deliver: "half"; answer: WireAnswer }
  | { deliver: "cut" }
  | { deliver: "never" };

/** The delivery of `answer` under a fault; without a fault it is whole. */
export function distort(answer: WireAnswer, kind: FaultKind | undefined): Delivery {
  if (kind === undefined) return { deliver: "whole", answer };
  if (isPausing(kind)) return { deliver: "whole", answer };
  if ("cut" in kind) return { deliver: "cut" };
  if ("hang" in kind) return { deliver: "never" };
  if ("halfBody" in kind) return { deliver: "half", answer };
  return { deliver: "whole", answer: replace(answer, kind) };
}

type Replacing = Exclude<FaultKind, PausingKind | { cut: true } | { hang: true } | { halfBody: true }>;

function replace(answer: WireAnswer, kind: Replacing): WireAnswer {
  if ("html" in kind) return htmlPage(kind.status ?? 502);
  if ("redirectTo" in kind) {
    return { status: kind.status ?? 302, headers: { location: kind.redirectTo }, body: "" };
  }
  if ("status" in kind) return statusAnswer(kind);
  if ("errorIn200" in kind) return json(200, { status: "error", message: kind.errorIn200 });
  if ("emptyBody" in kind) return { status: 200, headers: {}, body: "" };
  if ("hugeBytes" in kind) return { ...answer, body: answer.body.padEnd(kind.hugeBytes, " ") };
  if (kind.garbled === true) return { ...answer, body: tornOpen(answer.body) };
  return { ...answer, status: 200, body: kind.garbled };
}

function statusAnswer(kind: Extract<FaultKind, { body?: unknown }>): WireAnswer {
  const body = kind.body === undefined ? { status: "error", message: "Simulated fault" } : kind.body;
  const answer =
    typeof body === "string" ? { status: kind.status, headers: textHeaders, body } : json(kind.status, body);
  if (kind.retryAfter === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, "retry-after": String(kind.retryAfter) } };
}

const textHeaders = { "content-type": "text/plain; charset=utf-8" };

function json(status: number, body: unknown): WireAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}

function htmlPage(status: number): WireAnswer {
  const title = `${status} from the gateway`;
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`,
  };
}

/** Loses the middle third, so that no JSON is left whatever it was. */
function tornOpen(body: string): string {
  const third = Math.max(1, Math.floor(body.length / 3));
  return `${body.slice(0, third)}\u0000${body.slice(2 * third)}`;
}
