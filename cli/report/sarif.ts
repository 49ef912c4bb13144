import { createHash } from "node:crypto";
import { visible } from "../screen/text";
import { FINDING_KINDS, type Finding, type FindingKind, type Report } from "./model";
import { KIND_WORDS } from "./wording";

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

const LEVELS: Readonly<Record<FindingKind, "error" | "warning" | "note">> = {
  missing: "error",
  failed: "error",
  drift: "warning",
  interrupted: "warning",
  uncovered: "warning",
  stale: "warning",
  unmanaged: "note",
};

/** SARIF 2.1.0, as code scanning reads it. */
export function renderSarif(report: Report): string {
  const undetermined = report.snapshots.filter(({ state }) => state === "undetermined");
  const run = {
    tool: {
      driver: {
        name: report.tool.name,
        semanticVersion: report.tool.version,
        rules: FINDING_KINDS.map((kind) => ({
          id: kind,
          shortDescription: { text: KIND_WORDS[kind] },
          defaultConfiguration: { level: LEVELS[kind] },
        })),
      },
    },
    columnKind: "utf16CodeUnits",
    invocations: [
      {
        executionSuccessful: undetermined.length === 0,
        exitCode: report.verdict.exitCode,
        endTimeUtc: report.createdAt,
        toolExecutionNotifications: undetermined.map(({ id, detail }) => ({
          level: "error",
          message: { text: visible(`Could not determine whether snapshot ${id} still exists: ${detail}`) },
        })),
      },
    ],
    results: report.findings.map((finding) => resultOf(finding, report.hasBaseline)),
  };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

function resultOf(finding: Finding, hasBaseline: boolean): Record<string, unknown> {
  const { kind, key, title, next, ignored, isNew, subject } = finding;
  const name = subject.urn ?? subject.snapshot ?? subject.server ?? "";
  return {
    ruleId: kind,
    ruleIndex: FINDING_KINDS.indexOf(kind),
    level: LEVELS[kind],
    message: { text: visible(`${title}. ${next}`) },
    locations: [
      {
        // Code scanning wants a file; what is found is in the cloud, and declared by this project.
        physicalLocation: { artifactLocation: { uri: "Pulumi.yaml" }, region: { startLine: 1 } },
        logicalLocations: [{ fullyQualifiedName: visible(name), kind: "resource" }],
      },
    ],
    partialFingerprints: { "pulumiUthoFinding/v1": createHash("sha256").update(key).digest("hex") },
    ...(hasBaseline ? { baselineState: isNew ? "new" : "unchanged" } : {}),
    ...(ignored === null
      ? {}
      : { suppressions: [{ kind: "external", justification: visible(ignored.reason ?? "ignore file") }] }),
  };
}
