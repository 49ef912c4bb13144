import type { Cleaned } from "../cleanup";
import { type Evidence, type Finding, findings, NOT_ASKED } from "../facts";
import { callOf } from "../facts/finding";
import type { Exchange } from "../observer/exchange";
import type { Outcome } from "../scenarios";
import type { Redactor } from "./redact";

/** What a run reports; it holds no value of the account. */
export interface Report {
  of: "pulumi-utho live kit";
  /** Day of the run, UTC. */
  day: string;
  versions: Record<string, string>;
  /** Whether Utho's own API was asked, or something else such as the simulator. */
  endpoint: "Utho's API" | "another endpoint";
  result: "passed" | "failed" | "ended from outside";
  scenarios: Outcome[];
  findings: ReportedFinding[];
  notAsked: { point: string; why: string }[];
  cleanup: { deleted: number; left: number; neverListed: number };
  /** Writes that the guard kept from the account. */
  heldBack: number;
}

export interface ReportedFinding extends Omit<Finding, "samples"> {
  samples: Sample[];
}

export interface Sample {
  call: string;
  status: number | undefined;
  contentType: string | undefined;
  body: unknown;
}

export interface Material {
  evidence: Evidence;
  outcomes: Outcome[];
  cleaned: Cleaned;
  heldBack: number;
  interrupted: boolean;
  realApi: boolean;
  versions: Record<string, string>;
}

export function buildReport(material: Material, redactor: Redactor): Report {
  const { outcomes, cleaned, interrupted, heldBack } = material;
  const clean = cleaned.left.length === 0 && cleaned.neverListed.length === 0;
  const passed = outcomes.every(({ result }) => result === "passed") && clean && heldBack === 0;
  return {
    of: "pulumi-utho live kit",
    day: new Date().toISOString().slice(0, 10),
    versions: material.versions,
    endpoint: material.realApi ? "Utho's API" : "another endpoint",
    result: interrupted ? "ended from outside" : passed ? "passed" : "failed",
    scenarios: outcomes.map((outcome) => ({ ...outcome, note: redactor.text(outcome.note) })),
    findings: findings(material.evidence).map((finding) => report(finding, redactor)),
    notAsked: NOT_ASKED.map(([point, why]) => ({ point, why })),
    cleanup: { deleted: cleaned.deleted, left: cleaned.left.length, neverListed: cleaned.neverListed.length },
    heldBack,
  };
}

function report({ id, question, answer, details, samples }: Finding, redactor: Redactor): ReportedFinding {
  const shown = Object.entries(details).flatMap(([key, value]): [string, string | number | boolean][] =>
    value === undefined ? [] : [[key, typeof value === "string" ? redactor.text(value) : value]],
  );
  return {
    id,
    question,
    answer: redactor.text(answer),
    details: Object.fromEntries(shown),
    samples: samples.map((exchange) => sampleOf(exchange, redactor)),
  };
}

function sampleOf(exchange: Exchange, redactor: Redactor): Sample {
  const { answer } = exchange;
  const body =
    answer?.kind === "json"
      ? redactor.shape(answer.json)
      : `${answer?.kind ?? "no answer"}, ${answer?.bytes ?? 0} bytes`;
  return {
    call: redactor.text(callOf(exchange)),
    status: answer?.status,
    contentType: answer?.contentType === undefined ? undefined : redactor.text(answer.contentType),
    body,
  };
}
