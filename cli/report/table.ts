import { paint, type Terminal } from "../terminal";
import { columnsOf, cut } from "./cut";
import type { Finding, Report, ServerEntry, SnapshotEntry, SnapshotStateName } from "./model";
import { formatAge, formatCost, formatSize, visible } from "./text";
import { excuseOf, recoveryOf, remarkOn, STATE_WORDS, serverOf, summaryOf, verdictOf } from "./wording";

/** Whom the table is for: whether colours may be used, and how many columns the screen has (`undefined`: no screen). */
export interface Screen extends Pick<Terminal, "color"> {
  width: number | undefined;
}

type Color = Parameters<typeof paint>[1];

interface Column<T> {
  head: string;
  text: (row: T) => string;
  color?: (row: T) => Color | undefined;
  align?: "right";
  /** May be cut where the screen is narrow, down to this many columns. */
  least?: number;
  /** May be left out where the screen is narrower still; the lowest first. */
  spare?: number;
}

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
  { head: "Id", text: ({ id }) => id, least: 9 },
  { head: "Name", text: ({ name }) => name, least: 10 },
  { head: "Server", text: serverOf, least: 8 },
  { head: "Age", text: ({ ageSeconds }) => formatAge(ageSeconds), align: "right", spare: 3 },
  { head: "Size", text: ({ sizeGb }) => formatSize(sizeGb), align: "right", spare: 1 },
  { head: "A month", text: ({ monthlyCost }) => formatCost(monthlyCost), align: "right", spare: 2 },
  { head: "What", text: remarkOn, least: 12 },
];

const SERVER_COLUMNS: readonly Column<ServerEntry>[] = [
  { head: "Coverage", text: ({ coverage }) => coverage, color: ({ coverage }) => COVERAGE_COLORS[coverage] },
  { head: "Server", text: ({ cloudId, hostname }) => `${hostname} (${cloudId})`, least: 12 },
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
    [...summaryOf(report), ...report.notes.map((note) => `Note: ${note}`)].map(visible).join("\n"),
    verdict,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function findingsText(findings: readonly Finding[], screen: Screen): string {
  // Each snapshot that is unmanaged, and each server that is stale, is in the tables already.
  const told = findings.filter(({ alarms }) => alarms);
  if (told.length === 0) return "";
  const lines = told.flatMap((one) => [
    `${paint(screen, "yellow", one.kind)}: ${visible(one.title)}`,
    `  ${paint(screen, "dim", visible(`→ ${one.next}`))}`,
  ]);
  const excused = findings.filter((one) => !one.alarms && excuseOf(one) !== "not in --fail-on");
  const rest = excused.map((one) =>
    paint(screen, "dim", visible(`${one.kind}: ${one.title} (${excuseOf(one)})`)),
  );
  return [paint(screen, "bold", "Findings"), ...lines, ...rest].join("\n");
}

function section<T>(title: string, rows: readonly T[], all: readonly Column<T>[], screen: Screen): string {
  if (rows.length === 0) return "";
  const columns = columnsFor(all, rows, screen.width);
  const head = columns.map((column) => paint(screen, "bold", padded(column.head, column)));
  const lines = rows.map((row, index) =>
    columns.map((column) => {
      const text = padded(column.cells[index] ?? "", column);
      const wanted = column.color?.(row);
      return wanted === undefined ? text : paint(screen, wanted, text);
    }),
  );
  const table = [head, ...lines].map((cells) => cells.join(" ".repeat(GAP)).trimEnd());
  return [...(title === "" ? [] : [paint(screen, "bold", title)]), ...table].join("\n");
}

/** A cell at the width of its column. */
function padded<T>(text: string, { width, align }: FittedColumn<T>): string {
  const shown = cut(text, width);
  const blank = " ".repeat(Math.max(0, width - columnsOf(shown)));
  return align === "right" ? blank + shown : shown + blank;
}

interface FittedColumn<T> extends Column<T> {
  cells: string[];
  width: number;
}

const GAP = 2;

/** Each column as wide as its widest cell; on a narrow screen some are left out, and the widest give way. */
function columnsFor<T>(
  all: readonly Column<T>[],
  rows: readonly T[],
  screenWidth: number | undefined,
): FittedColumn<T>[] {
  let columns = all.map((column): FittedColumn<T> => {
    const cells = rows.map((row) => visible(column.text(row)));
    const width = cells.reduce((widest, cell) => Math.max(widest, columnsOf(cell)), column.head.length);
    return { ...column, cells, width };
  });
  if (screenWidth === undefined) return columns;
  const spare = columns
    .filter((one) => one.spare !== undefined)
    .sort((a, b) => (a.spare ?? 0) - (b.spare ?? 0));
  for (const one of spare) {
    if (total(columns.map(({ least, width }) => Math.min(least ?? width, width))) <= screenWidth) break;
    columns = columns.filter((other) => other !== one);
  }
  while (total(columns.map(({ width }) => width)) > screenWidth) {
    const [widest] = columns
      .filter(({ least, width }) => width > (least ?? width))
      .sort((a, b) => b.width - a.width);
    if (widest === undefined) break;
    widest.width -= 1;
  }
  return columns;
}

function total(widths: readonly number[]): number {
  return widths.reduce((all, width) => all + width, GAP * (widths.length - 1));
}
