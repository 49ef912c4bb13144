import { cut } from "../../screen/columns";
import { visible } from "../../screen/text";
import type { Report, SnapshotEntry, SnapshotStateName } from "../model";
import { SNAPSHOT_STATES } from "../model";
import { count, escapeMarkup, formatAge, formatTime } from "../text";
import { STATE_WORDS } from "../wording";

const WIDTH = 1000;
const LEFT = 190;
const RIGHT = 20;
const TOP = 34;
const ROW = 28;
const LABEL_COLUMNS = 22;
/** Names of a fleet begin alike, or end alike. */
const LABEL_TAIL = 11;

const DAY = 86_400_000;
const STEPS = [
  DAY / 24,
  DAY / 4,
  DAY / 2,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  90 * DAY,
  180 * DAY,
  365 * DAY,
];

interface Dated extends SnapshotEntry {
  createdAt: string;
}

interface Lane {
  label: string;
  snapshots: Dated[];
}

/** Where a moment stands on the picture. */
type Scale = (ms: number) => number;

/** A lane for each server, with a mark for each of its snapshots. Drawn here: the page runs no code for it. */
export function timeline(report: Report): string {
  const dated = report.snapshots.filter(isDated);
  if (dated.length === 0) return "";
  const now = Date.parse(report.createdAt);
  const maxAge = report.maxAgeSeconds * 1000;
  const oldest = Math.min(...dated.map(({ createdAt }) => Date.parse(createdAt)), now - maxAge);
  const from = oldest - (now - oldest) * 0.03;
  const scale: Scale = (ms) => round(LEFT + ((ms - from) / (now - from)) * (WIDTH - LEFT - RIGHT));
  const lanes = lanesOf(report, dated);
  const height = TOP + lanes.length * ROW + 8;
  const undated = report.snapshots.length - dated.length;
  const parts = [
    `<rect class="window" x="${scale(now - maxAge)}" y="${TOP}" width="${round(scale(now) - scale(now - maxAge))}" height="${lanes.length * ROW}"/>`,
    ...ticks(from, now, scale, height),
    ...lanes.map((lane, index) => drawLane(lane, TOP + index * ROW + ROW / 2, scale)),
  ];
  const label = `${count(dated.length, "snapshot")} of ${count(lanes.length, "server")} by the time they were taken; the list below says the same in words`;
  const shown = SNAPSHOT_STATES.filter((state) => dated.some((one) => one.state === state));
  return `<section aria-labelledby="timeline-title">
<h2 id="timeline-title">Timeline</h2>
<figure>
<div class="wide tall" tabindex="0" role="region" aria-labelledby="timeline-title"><svg class="timeline" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeMarkup(label)}">
${parts.join("\n")}
</svg></div>
<figcaption><ul class="legend">${shown.map(legend).join("")}<li><svg viewBox="0 0 16 16" aria-hidden="true"><rect class="window" width="16" height="16"/></svg> the last ${formatAge(report.maxAgeSeconds)}</li></ul>${undated > 0 ? `<p>${count(undated, "snapshot")} of unknown time ${undated === 1 ? "is" : "are"} not drawn.</p>` : ""}</figcaption>
</figure>
</section>`;
}

function isDated(entry: SnapshotEntry): entry is Dated {
  return entry.createdAt !== null && !Number.isNaN(Date.parse(entry.createdAt));
}

/** Servers that have none are lanes too: that is what one looks for. */
function lanesOf({ servers }: Report, dated: readonly Dated[]): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const { cloudId, hostname } of servers) lanes.set(cloudId, { label: hostname, snapshots: [] });
  for (const one of dated) {
    const key = one.cloudId ?? "";
    const label = one.cloudId === null ? "server unknown" : `${one.serverName ?? one.cloudId} (gone)`;
    const lane = lanes.get(key) ?? { label, snapshots: [] };
    lane.snapshots.push(one);
    lanes.set(key, lane);
  }
  return [...lanes.values()];
}

function drawLane({ label, snapshots }: Lane, y: number, scale: Scale): string {
  // The worst on top of the others.
  const marks = [...snapshots].reverse().map((one) => {
    const at = `${scale(Date.parse(one.createdAt))} ${y}`;
    const words = `${STATE_WORDS[one.state]}: ${one.name}, ${one.id}, ${formatTime(one.createdAt)}`;
    return `<g transform="translate(${at})"><title>${escapeMarkup(words)}</title>${mark(one.state)}</g>`;
  });
  const name = escapeMarkup(cut(visible(label), LABEL_COLUMNS, LABEL_TAIL));
  return `<g><title>${escapeMarkup(label)}</title><text class="lane" x="${LEFT - 12}" y="${y + 4}">${name}</text><text class="near" x="${WIDTH - RIGHT}" y="${y - 8}">${name}</text></g><line class="rail" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y}" y2="${y}"/>${marks.join("")}`;
}

/** Shapes differ besides their colours. */
const MARKS: Readonly<Record<SnapshotStateName, string>> = {
  "in-sync": '<circle r="5.5"/>',
  unmanaged: '<circle r="5" class="hollow"/>',
  drifted: '<path d="M0-7 7 0 0 7-7 0Z"/>',
  interrupted: '<rect x="-5" y="-5" width="10" height="10" class="hollow"/>',
  failed: '<path d="M0-7 7 6H-7Z"/>',
  missing: '<path d="M-5-5 5 5M5-5-5 5" class="stroke"/>',
  undetermined: '<rect x="-5.5" y="-5.5" width="11" height="11"/>',
};

function mark(state: SnapshotStateName): string {
  return `<g class="mark ${state}">${MARKS[state]}</g>`;
}

function legend(state: SnapshotStateName): string {
  return `<li><svg viewBox="-8 -8 16 16" aria-hidden="true">${mark(state)}</svg> ${STATE_WORDS[state]}</li>`;
}

function ticks(from: number, now: number, scale: Scale, height: number): string[] {
  const step = STEPS.find((one) => (now - from) / one <= 8) ?? (now - from) / 8;
  const drawn: string[] = [];
  for (let ago = step; now - ago > from; ago += step) {
    const x = scale(now - ago);
    drawn.push(
      `<line class="grid" x1="${x}" x2="${x}" y1="${TOP}" y2="${height - 8}"/><text class="tick" x="${x}" y="${TOP - 10}">${formatAge(ago / 1000)} ago</text>`,
    );
  }
  const end = scale(now);
  drawn.push(
    `<line class="grid now" x1="${end}" x2="${end}" y1="${TOP}" y2="${height - 8}"/><text class="tick end" x="${end}" y="${TOP - 10}">now</text>`,
  );
  return drawn;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
