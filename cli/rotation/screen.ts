import type { RotationSettings } from "../../provider/rotation/contract";
import { billText } from "../../provider/rotation/plan/describe";
import { isFailure } from "../../provider/utho/status";
import { type Column, forScreen, type Screen, tableLines } from "../screen/table";
import { paint } from "../screen/terminal";
import { folded, reasonsText, visible, wall } from "../screen/text";
import type { Forecast, ServerForecast, SnapshotForecast } from "./forecast";

/** One line of the plan. */
interface Row {
  action: "take" | "keep" | "delete";
  server: string;
  snapshot: string;
  taken: string;
  size: string;
  cost: string;
  why: string;
}

const COLORS = { take: "cyan", keep: "green", delete: "red" } as const;

const COLUMNS: readonly Column<Row>[] = [
  { head: "Action", text: ({ action }) => action, color: ({ action }) => COLORS[action] },
  { head: "Server", text: ({ server }) => server, least: 12 },
  { head: "Snapshot", text: ({ snapshot }) => snapshot },
  { head: "Taken", text: ({ taken }) => taken },
  { head: "Size", text: ({ size }) => size, align: "right", spare: 1 },
  { head: "A month", text: ({ cost }) => cost, align: "right", spare: 2 },
  { head: "Why", text: ({ why }) => why, least: "last, daily, weekly, monthly".length, tail: 0 },
];

/** One rotation's plan for people: the sentence, the policy, every snapshot with its fate, and what is saved. */
export function forecastText(forecast: Forecast, now: number, screen: Screen): string {
  const { subject, servers, unknown } = forecast;
  const zone = subject.settings.timeZone;
  const all = servers.flatMap((server) => rowsOf(server, now, zone));
  // Where a screen cannot show all, what is kept can be missed most easily.
  const changesFirst = [...all].sort((a, b) => Number(a.action === "keep") - Number(b.action === "keep"));
  const { shown, rest } = forScreen(changesFirst, screen);
  const rows = rest.length === 0 ? all : shown;
  const parts = [
    ...headLines(forecast, screen),
    ...folded(policyLine(forecast), screen.width),
    ...unknown.flatMap((cloudId) =>
      folded(
        `Utho knows no server ${cloudId}; the rotation would say so, and go on with the others.`,
        screen.width,
      ),
    ),
    "",
    ...(rows.length === 0 ? ["It has no snapshot yet."] : tableLines(rows, COLUMNS, screen)),
    ...rest,
    "",
    ...folded(`${savingsLine(forecast)} ${billText(forecast.bill)}${grownText(forecast, now)}`, screen.width),
    "",
  ];
  return parts.join("\n");
}

/** The name in bold, and its sentence folded to the screen, where the terminal would break words. */
function headLines({ subject, summary }: Forecast, screen: Screen): string[] {
  const name = visible(`${subject.name}:`);
  const [first = "", ...rest] = folded(`${name} ${summary}`, screen.width);
  return [first.replace(name, () => paint(screen, "bold", name)), ...rest];
}

function policyLine({ subject }: Forecast): string {
  const { keep, timeZone, minKeep } = subject.settings;
  const rules = Object.entries(keep).map(
    ([rule, value]) => `${wordsOf(rule)} ${value === -1 ? "all" : value}`,
  );
  return `every ${scheduleText(subject.settings)}; keeps ${rules.join(", ")}; at least ${minKeep}; periods begin in ${timeZone}`;
}

/** "withinDaily" → "within daily". */
function wordsOf(rule: string): string {
  return rule.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function rowsOf(server: ServerForecast, now: number, zone: string): Row[] {
  const { cloudId, hostname, take, missedWindow, diskSizeGb, snapshots } = server;
  // Its id is in the id of the snapshot.
  const place = hostname === "" ? cloudId : hostname;
  const size = diskSizeGb === undefined ? "" : `≤ ${diskSizeGb} GB`;
  const coming: Row = {
    ...{ action: "take", server: place, snapshot: `${cloudId}/new`, taken: wall(now, zone) },
    ...{ size, cost: "", why: missedWindow ? "due, its window was missed" : "due" },
  };
  return [...(take ? [coming] : []), ...snapshots.map((one) => rowOf(one, place, zone))];
}

function rowOf(snapshot: SnapshotForecast, server: string, zone: string): Row {
  const { action, id, takenAt, status, sizeGb, monthlyCost, reasons } = snapshot;
  return {
    action,
    server,
    snapshot: id,
    taken: wall(takenAt, zone),
    size: sizeGb === undefined ? "" : `${sizeGb} GB`,
    cost: monthlyCost === undefined ? "" : `₹${monthlyCost.toFixed(2)}`,
    why: action === "keep" ? reasonsText(reasons) : whyDeleted(status),
  };
}

function whyDeleted(status: string): string {
  return isFailure(status) ? `holds no data (${status})` : "no rule keeps it";
}

function grownText({ grown, subject }: Forecast, now: number): string {
  if (grown === undefined) return "";
  const day = wall(now, subject.settings.timeZone).slice(0, 10);
  return ` If each snapshot that is due until ${day} is taken, it holds ${grown.snapshots} then and costs about ₹${grown.monthlyCost} a month.`;
}

function savingsLine({ saved, servers }: Forecast): string {
  const all = servers.reduce((count, { snapshots }) => count + snapshots.length, 0);
  if (saved.snapshots === 0) return `Deletes none of ${all}.`;
  const { snapshots, sizeGb, monthlyCost, netMonthlyCost } = saved;
  const gross = `Deletes ${snapshots} of ${all}, which saves ${sizeGb} GB and ₹${monthlyCost.toFixed(2)} a month`;
  if (!servers.some(({ take }) => take)) return `${gross}.`;
  if (netMonthlyCost === 0) return `${gross}; with what is taken it costs the same.`;
  const difference = `₹${Math.abs(netMonthlyCost).toFixed(2)} ${netMonthlyCost < 0 ? "more" : "less"}`;
  return `${gross}; with what is taken it costs ${difference}.`;
}

/** For people: "24h", "24h, from 02:00 on" or "24h, between 01:00 and 05:00". */
function scheduleText({ every, at, between }: Pick<RotationSettings, "every" | "at" | "between">): string {
  if (between !== undefined) return `${every}, between ${between.join(" and ")}`;
  return at === undefined ? every : `${every}, from ${at} on`;
}
