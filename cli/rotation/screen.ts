import Table from "cli-table3";
import { DateTime } from "luxon";
import { paint, type Terminal } from "../terminal";
import type { Forecast, ServerForecast, SnapshotForecast } from "./forecast";

type Screen = Pick<Terminal, "color">;

const HEAD = ["Action", "Server", "Snapshot", "Taken", "Size", "A month", "Why"];
const RIGHT = new Set(["Size", "A month"]);
const COLORS = { take: "cyan", keep: "green", delete: "red" } as const;

/** One rotation's plan for people: the sentence, the policy, every snapshot with its fate, and what is saved. */
export function forecastText(forecast: Forecast, now: number, screen: Screen): string {
  const { subject, summary, servers, unknown } = forecast;
  const zone = subject.settings.timeZone;
  const rows = servers.flatMap((server) => rowsOf(server, now, zone, screen));
  const parts = [
    `${paint(screen, "bold", subject.name)}: ${summary}`,
    policyLine(forecast),
    ...unknown.map(
      (cloudId) => `Utho knows no server ${cloudId}; the rotation would say so, and go on with the others.`,
    ),
    "",
    ...(rows.length === 0 ? ["It has no snapshot yet."] : [tableOf(rows, screen)]),
    "",
    savingsLine(forecast),
    "",
  ];
  return parts.join("\n");
}

function policyLine({ subject }: Forecast): string {
  const { every, keep, timeZone, minKeep } = subject.settings;
  const rules = Object.entries(keep).map(
    ([rule, value]) => `${wordsOf(rule)} ${value === -1 ? "all" : value}`,
  );
  return `every ${every}; keeps ${rules.join(", ")}; at least ${minKeep}; periods begin in ${timeZone}`;
}

/** "withinDaily" → "within daily". */
function wordsOf(rule: string): string {
  return rule.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function rowsOf(server: ServerForecast, now: number, zone: string, screen: Screen): string[][] {
  const { cloudId, hostname, take, diskSizeGb, snapshots } = server;
  const place = visible(hostname === "" ? cloudId : `${hostname} (${cloudId})`);
  const size = diskSizeGb === undefined ? "" : `≤ ${diskSizeGb} GB`;
  const taken = take
    ? [[paint(screen, COLORS.take, "take"), place, "new", wall(now, zone), size, "", "due"]]
    : [];
  return [...taken, ...snapshots.map((one) => rowOf(one, place, zone, screen))];
}

function rowOf(snapshot: SnapshotForecast, place: string, zone: string, screen: Screen): string[] {
  const { action, id, takenAt, sizeGb, monthlyCost, reasons } = snapshot;
  return [
    paint(screen, COLORS[action], action),
    place,
    id,
    wall(takenAt, zone),
    sizeGb === undefined ? "" : `${sizeGb} GB`,
    monthlyCost === undefined ? "" : `₹${monthlyCost.toFixed(2)}`,
    visible(action === "delete" ? "no rule keeps it" : reasons.join(", ")),
  ];
}

function savingsLine({ saved, servers }: Forecast): string {
  const all = servers.reduce((count, { snapshots }) => count + snapshots.length, 0);
  if (saved.snapshots === 0) return `Deletes none of ${all}.`;
  const { snapshots, sizeGb, monthlyCost } = saved;
  return `Deletes ${snapshots} of ${all}, which saves ${sizeGb} GB and ₹${monthlyCost.toFixed(2)} a month.`;
}

function wall(time: number, zone: string): string {
  return DateTime.fromMillis(time, { zone }).toFormat("yyyy-MM-dd HH:mm");
}

/** Names come from the cloud and may hold anything; control characters would write over the screen. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}

function tableOf(rows: string[][], screen: Screen): string {
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
    colAligns: HEAD.map((title) => (RIGHT.has(title) ? "right" : "left")),
  });
  table.push(
    HEAD.map((title) => paint(screen, "bold", title)),
    ...rows,
  );
  const lines = table.toString().split("\n");
  return lines.map((line) => line.trimEnd()).join("\n");
}

const NO_LINES = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "", left: "", "left-mid": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "", right: "", "right-mid": "" },
  ...{ mid: "", "mid-mid": "", middle: "  " },
};
