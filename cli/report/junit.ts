import { grouped } from "../../client/compact";
import type { Finding, Report, ServerEntry, SnapshotEntry } from "./model";
import { escapeMarkup } from "./text";
import { excuseOf, remarkOn, STATE_WORDS, serverOf } from "./wording";

/** JUnit's XML, as CI servers read it: each snapshot, each interrupted run and each server is a test case. */
export function renderJunit(report: Report): string {
  const bySubject = grouped(
    report.findings,
    ({ kind, subject }) => subject.snapshot ?? (kind === "interrupted" ? subject.urn : subject.server) ?? "",
  );
  const suites = [
    suite(
      "snapshots",
      report.createdAt,
      report.snapshots.map((one) => snapshotCase(one, bySubject.get(one.id) ?? [])),
    ),
    suite(
      "interrupted runs",
      report.createdAt,
      report.findings
        .filter(({ kind, subject }) => kind === "interrupted" && subject.snapshot === undefined)
        .map((one) => testCase(one.subject.urn ?? "", "interrupted runs", [one])),
    ),
    suite(
      "servers",
      report.createdAt,
      report.servers.map((one) => serverCase(one, bySubject.get(one.cloudId) ?? [])),
    ),
  ].filter(({ cases }) => cases.length > 0);
  const total = (key: "failures" | "errors" | "skipped") => suites.reduce((sum, one) => sum + one[key], 0);
  const tests = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  const head = `<testsuites name="pulumi-utho report" tests="${tests}" failures="${total("failures")}" errors="${total("errors")}" skipped="${total("skipped")}">`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${head}\n${suites.map(({ text }) => text).join("\n")}\n</testsuites>\n`;
}

interface Case {
  text: string;
  outcome: "passed" | "failures" | "errors" | "skipped";
}

interface Suite {
  cases: readonly Case[];
  failures: number;
  errors: number;
  skipped: number;
  text: string;
}

function suite(name: string, createdAt: string, cases: readonly Case[]): Suite {
  const of = (outcome: Case["outcome"]) => cases.filter((one) => one.outcome === outcome).length;
  const counts = { failures: of("failures"), errors: of("errors"), skipped: of("skipped") };
  const numbers = `tests="${cases.length}" failures="${counts.failures}" errors="${counts.errors}" skipped="${counts.skipped}"`;
  const head = `  <testsuite name="${escapeMarkup(name)}" timestamp="${createdAt.slice(0, 19)}" time="0" ${numbers}>`;
  return { cases, ...counts, text: [head, ...cases.map(({ text }) => text), "  </testsuite>"].join("\n") };
}

function snapshotCase(entry: SnapshotEntry, findings: readonly Finding[]): Case {
  const [owner] = entry.owners;
  const group = owner === undefined ? "unmanaged" : `${owner.stack}.${owner.name}`;
  const name = `${entry.id} ${entry.name} on ${serverOf(entry)}`;
  if (entry.state !== "undetermined") return testCase(name, group, findings);
  const message = `${STATE_WORDS.undetermined}: ${remarkOn(entry)}`;
  return wrapped(name, group, "errors", `<error type="undetermined" message="${escapeMarkup(message)}"/>`);
}

function serverCase({ cloudId, hostname }: ServerEntry, findings: readonly Finding[]): Case {
  const own = findings.filter(({ kind }) => kind === "stale" || kind === "uncovered");
  return testCase(`${cloudId} ${hostname}`, "servers", own);
}

function testCase(name: string, group: string, findings: readonly Finding[]): Case {
  const alarming = findings.filter(({ alarms }) => alarms);
  if (alarming.length > 0) {
    const failures = alarming.map(
      ({ kind, title, next }) =>
        `<failure type="${kind}" message="${escapeMarkup(title)}">${escapeMarkup(next)}</failure>`,
    );
    return wrapped(name, group, "failures", failures.join(""));
  }
  const [excused] = findings;
  if (excused === undefined) return wrapped(name, group, "passed", "");
  const message = `${excused.kind}: ${excused.title} (${excuseOf(excused)})`;
  return wrapped(name, group, "skipped", `<skipped message="${escapeMarkup(message)}"/>`);
}

function wrapped(name: string, group: string, outcome: Case["outcome"], inside: string): Case {
  const head = `    <testcase classname="${escapeMarkup(group)}" name="${escapeMarkup(name)}" time="0"`;
  return { outcome, text: inside === "" ? `${head}/>` : `${head}>${inside}</testcase>` };
}
