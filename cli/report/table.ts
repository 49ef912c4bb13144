import { type Color, type Column, forScreen, type Screen, tableLines } from "../screen/table";
import { paint } from "../screen/terminal";
import { folded, visible } from "../screen/text";
import type { Finding, Report, ServerEntry, SnapshotEntry, SnapshotStateName } from "./model";
import { formatAge, formatCost, formatSize } from "./text";
import { excuseOf, ownersOf, recoveryOf, STATE_WORDS, summaryOf, verdictOf } from "./wording";

const STATE_COLORS: Readonly<Record<SnapshotStateName, Color>> = {
  undetermined: "red",
  missing: "red",
  failed: "red",
  drifted: "yellow",
  interrupted: "yellow",
  unmanaged: "cyan",
  "in-sync": "green",
};

const COVERAGE_COLORS = { covered: "green", stale: "yellow", uncovered: "red" } as const;

const SNAPSHOT_COLUMNS: readonly Column<SnapshotEntry>[] = [
  { head: "State", text: ({ state }) => STATE_WORDS[state], color: ({ state }) => STATE_COLORS[state] },
  { head: "Id", text: ({ id }) => id },
  // The nights of a rotation differ in the time at the end.
  { head: "Name", text: ({ name }) => name, least: 20, tail: "20261124t104207z".length },
  { head: "Server", text: hostOf, least: 12 },
  { head: "Age", text: ({ ageSeconds }) => formatAge(ageSeconds), align: "right", spare: 3 },
  { head: "Size", text: ({ sizeGb }) => formatSize(sizeGb), align: "right", spare: 1 },
  { head: "A month", text: ({ monthlyCost }) => formatCost(monthlyCost), align: "right", spare: 2 },
  // What is wrong stands whole under "Findings", but for what could not be determined.
  {
    head: "Owner",
    text: (one) => (one.state === "undetermined" ? one.detail : ownersOf(one)),
    least: 12,
    spare: 4,
  },
];

/** Its id is in the id of the snapshot. */
function hostOf({ serverName, cloudId, serverExists }: SnapshotEntry): string {
  const name = serverName ?? cloudId ?? "?";
  return serverExists || cloudId === null ? name : `${name}, gone`;
}

const SERVER_COLUMNS: readonly Column<ServerEntry>[] = [
  { head: "Coverage", text: ({ coverage }) => coverage, color: ({ coverage }) => COVERAGE_COLORS[coverage] },
  { head: "Server", text: ({ cloudId, hostname }) => `${hostname} (${cloudId})`, least: 18 },
  { head: "Recovery point", text: recoveryOf, align: "right" },
  { head: "Snapshots", text: ({ snapshots }) => String(snapshots), align: "right" },
  { head: "Size", text: ({ sizeGb }) => formatSize(sizeGb), align: "right", spare: 1 },
  { head: "A month", text: ({ monthlyCost }) => formatCost(monthlyCost), align: "right", spare: 2 },
];

/** For people: the verdict, what it is about, every snapshot and every server. */
export function renderTable(report: Report, screen: Screen): string {
  const { exitCode } = report.verdict;
  const verdict = paint(
    screen,
    exitCode === 0 ? "green" : exitCode === 1 ? "yellow" : "red",
    verdictOf(report),
  );
  const parts = [
    paint(screen, "bold", `Snapshots on ${report.createdAt.slice(0, 16).replace("T", " ")} UTC`),
    section("", report.snapshots, SNAPSHOT_COLUMNS, screen),
    section("Servers", report.servers, SERVER_COLUMNS, screen),
    findingsText(report.findings, screen),
    [...summaryOf(report), ...report.notes.map((note) => `Note: ${note}`)]
      .flatMap((line) => folded(visible(line), screen.width))
      .join("\n"),
    verdict,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function findingsText(findings: readonly Finding[], screen: Screen): string {
  // Each snapshot that is unmanaged, and each server that is stale, is in the tables already.
  const alarming = findings.filter(({ alarms }) => alarms);
  if (alarming.length === 0) return "";
  const { shown, rest: more } = forScreen(alarming, screen);
  const lines = shown.flatMap((one) => [
    ...hanging(`${one.kind}: ${visible(one.title)}`, screen).map((line) =>
      line.replace(`${one.kind}:`, () => `${paint(screen, "yellow", one.kind)}:`),
    ),
    ...hanging(`→ ${visible(one.next)}`, screen, "  ").map((line) => paint(screen, "dim", line)),
  ]);
  const excused = findings.filter((one) => !one.alarms && excuseOf(one) !== "not in --fail-on");
  const rest = excused.flatMap((one) =>
    hanging(visible(`${one.kind}: ${one.title} (${excuseOf(one)})`), screen).map((line) =>
      paint(screen, "dim", line),
    ),
  );
  return [paint(screen, "bold", "Findings"), ...lines, ...more, ...rest].join("\n");
}

/** Folded to the screen, so that it breaks no word; what follows the first line stands two columns further in. */
function hanging(text: string, { width }: Screen, indent = ""): string[] {
  const room = width === undefined ? undefined : width - indent.length - 2;
  return folded(text, room).map((line, index) => `${indent}${index === 0 ? "" : "  "}${line}`);
}

function section<T>(title: string, rows: readonly T[], all: readonly Column<T>[], screen: Screen): string {
  if (rows.length === 0) return "";
  const { shown, rest } = forScreen(rows, screen);
  const table = tableLines(shown, all, screen);
  return [...(title === "" ? [] : [paint(screen, "bold", title)]), ...table, ...rest].join("\n");
}
