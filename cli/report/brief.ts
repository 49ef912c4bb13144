import type { Screen } from "../screen/table";
import { folded, visible } from "../screen/text";
import type { Finding, Report } from "./model";
import { count, formatTime } from "./text";
import { verdictOf } from "./wording";

/** A mail is read on a phone at three in the morning: a screen of text at most, the worst first. */
const LINES = 20;
const OF_ONE_KIND = 6;
const ADVICE_ON_ONE_KIND = 2;
const ARROW = "  → ";

/** For mails, issues and logs: what counts, a sentence each, and what to do about it. */
export function renderBrief(report: Report, { width }: Screen): string {
  const alarming = report.findings.filter(({ alarms }) => alarms);
  const kinds = [...new Set(alarming.map(({ kind }) => kind))];
  const groups = [
    unknownLines(report),
    ...kinds.map((kind) => linesOn(alarming.filter((one) => one.kind === kind))),
    report.notes.map((note) => `Note: ${note}`),
  ].filter((group) => group.length > 0);
  const stacks = report.sources.map(({ stack }) => stack).join(", ");
  const head = `${verdictOf(report)} (${count(report.sources.length, "stack")}: ${stacks}; ${formatTime(report.createdAt)})`;
  const lines = groups.flatMap((group) => ["", ...group]);
  const shown = lines.slice(0, LINES);
  const rest = lines.length > LINES ? ["…and more: run `npx --no pulumi-utho report`."] : [];
  return `${[head, ...shown, ...rest].flatMap((line) => lineIn(visible(line), width)).join("\n")}\n`;
}

/** Folded, with what goes on standing under what it belongs to. */
function lineIn(line: string, width: number | undefined): string[] {
  const indent = line.startsWith(ARROW) ? " ".repeat(ARROW.length) : "";
  const room = width === undefined ? undefined : width - indent.length;
  return folded(line, room).map((part, index) => (index === 0 ? part : indent + part));
}

function unknownLines({ snapshots }: Report): string[] {
  const unknown = snapshots.filter(({ state }) => state === "undetermined");
  return short(unknown.map(({ id, serverName, detail }) => `${serverName ?? "?"}: ${id}: ${detail}`));
}

/** Advice stands under what it is for. */
function linesOn(findings: readonly Finding[]): string[] {
  const all = [...new Set(findings.map(({ next }) => next))];
  const advice = all.slice(0, ADVICE_ON_ONE_KIND);
  const room = all.length === 1 ? OF_ONE_KIND : OF_ONE_KIND / ADVICE_ON_ONE_KIND;
  const titles = (isMeant: (next: string) => boolean) =>
    short(
      findings.filter(({ next }) => isMeant(next)).map(({ title }) => title),
      room,
    );
  return [
    ...advice.flatMap((one) => [...titles((next) => next === one), `${ARROW}${one}`]),
    ...titles((next) => !advice.includes(next)),
  ];
}

function short(lines: string[], room = OF_ONE_KIND): string[] {
  const more = lines.length - room;
  return more <= 0 ? lines : [...lines.slice(0, room), `…and ${more} more like these`];
}
