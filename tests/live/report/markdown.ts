import type { Report, ReportedFinding, Sample } from "./report";

/** The report as a person reads it. */
export function toMarkdown(report: Report): string {
  return [
    "# What Utho's API does, seen by the live kit of pulumi-utho",
    "",
    `${report.day}, ${report.endpoint}. Result: **${report.result}**. ${versionsOf(report)}`,
    "",
    "Ids, names, addresses and the token are left out or replaced; `<string>` and `<number>` stand for values.",
    "",
    "## Scenarios",
    "",
    "| scenario | result | what came of it | seconds |",
    "|---|---|---|---|",
    ...report.scenarios.map(
      (one) => `| ${cell(one.title)} | ${one.result} | ${cell(one.note)} | ${one.seconds} |`,
    ),
    "",
    cleanupLine(report),
    "",
    "## Open points",
    "",
    "| point | question | what the API does |",
    "|---|---|---|",
    ...report.findings.map((one) => `| \`${one.id}\` | ${cell(one.question)} | ${cell(one.answer)} |`),
    "",
    "Not asked:",
    "",
    ...report.notAsked.map(({ point, why }) => `- ${point}: ${why}.`),
    "",
    "## Details",
    "",
    ...report.findings.flatMap(detailsOf),
  ].join("\n");
}

function versionsOf({ versions }: Report): string {
  return Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(", ");
}

function cleanupLine({ cleanup, heldBack }: Report): string {
  const left = cleanup.left + cleanup.neverListed;
  const rest = left === 0 ? "nothing of this run is left" : `**${left} of this run's snapshots may be left**`;
  const held = heldBack === 0 ? "" : ` ${heldBack} writes that did not belong to this run were held back.`;
  return `Cleanup deleted ${cleanup.deleted} more; ${rest}.${held}`;
}

function detailsOf({ id, details, samples }: ReportedFinding): string[] {
  const facts = Object.entries(details).filter(([, value]) => value !== "");
  if (facts.length === 0 && samples.length === 0) return [];
  return [
    `### ${id}`,
    "",
    ...facts.map(([key, value]) => `- ${key}: ${value}`),
    ...(facts.length === 0 ? [] : [""]),
    ...samples.flatMap(sampleLines),
  ];
}

function sampleLines({ call, status, body }: Sample): string[] {
  const text = typeof body === "string" ? body : JSON.stringify(body, undefined, 2);
  return [`\`${call}\` → HTTP ${status ?? "none"}`, "", "```json", text, "```", ""];
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s*\n\s*/g, " ");
}
