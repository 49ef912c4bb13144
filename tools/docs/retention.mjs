/**
 * The picture of docs/uses/backups-you-can-trust.md: half a year of nights, and what a policy keeps of them. What is
 * kept, and why, is the plan's own answer; here it is only drawn.
 */
const DAY = 86_400_000;
const WEEKS = 27;

const NOW = Date.parse("2026-11-24T02:00:00Z");

/** What the plan is asked. `everyMs` is above any age, so that nothing is due and all nights are judged as they are. */
export const SCENE = {
  now: NOW,
  policy: {
    everyMs: 2 * DAY,
    keep: { daily: 7, weekly: 5, monthly: 6 },
    timeZone: "UTC",
    minKeep: 1,
  },
  snapshots: Array.from({ length: WEEKS * 7 - 5 }, (_, night) => {
    const takenAt = NOW - night * DAY;
    const id = `1001/${9_999 - night}`;
    return { id, cloudId: "1001", name: new Date(takenAt).toISOString(), takenAt, status: "Active" };
  }),
};

const RULES = [
  { reason: "daily", color: "#2f6fde", text: "daily: 7" },
  { reason: "weekly", color: "#1f9d6b", text: "weekly: 5" },
  { reason: "monthly", color: "#d9822b", text: "monthly: 6" },
];
const GONE = "#e3e6ea";
const INK = "#24292f";
const QUIET = "#57606a";

const CELL = 22;
const GAP = 4;
const LEFT = 52;
const TOP = 92;
const WIDTH = LEFT + WEEKS * (CELL + GAP) + 20;
const HEIGHT = TOP + 7 * (CELL + GAP) + 74;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A calendar of one column for each week, as an SVG. */
export function drawRetention({ keep, delete: deleted }) {
  const squares = [
    ...deleted.map((snapshot) => square(snapshot, [])),
    ...keep.map(({ snapshot, reasons }) => square(snapshot, reasons)),
  ];
  const total = keep.length + deleted.length;
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-labelledby="title" font-family="Helvetica, Arial, sans-serif">`,
    `<title id="title">Of ${total} nightly snapshots, daily 7, weekly 5 and monthly 6 keep ${keep.length}</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" rx="8" fill="#ffffff"/>`,
    label(
      LEFT,
      32,
      `One snapshot a night for half a year: ${keep.length} of ${total} are kept`,
      17,
      INK,
      "bold",
    ),
    ...monthLabels(),
    ...["Mon", "Wed", "Fri", "Sun"].map((day, index) =>
      label(LEFT - 10, TOP + index * 2 * (CELL + GAP) + 16, day, 12, QUIET, "normal", "end"),
    ),
    ...squares,
    ...legend(deleted.length),
    "</svg>",
  ];
  return `${lines.join("\n")}\n`;
}

/** One night; where several rules keep it, each has its share of the square. */
function square({ takenAt }, reasons) {
  const { x, y } = placeOf(takenAt);
  const date = new Date(takenAt).toISOString().slice(0, 10);
  const fate = reasons.length === 0 ? "deleted" : `kept: ${reasons.join(", ")}`;
  const rules = RULES.filter(({ reason }) => reasons.some((one) => one.endsWith(reason)));
  const width = CELL / Math.max(rules.length, 1);
  const parts =
    rules.length === 0
      ? [rect(x, y, CELL, CELL, GONE)]
      : rules.map(({ color }, index) => rect(x + index * width, y, width, CELL, color));
  return `<g><title>${date}, ${fate}</title>${parts.join("")}</g>`;
}

function placeOf(time) {
  const monday = mondayOf(SCENE.now);
  const weeksAgo = (monday - mondayOf(time)) / (7 * DAY);
  const weekday = (dayOf(time) - mondayOf(time)) / DAY;
  return { x: LEFT + (WEEKS - 1 - weeksAgo) * (CELL + GAP), y: TOP + weekday * (CELL + GAP) };
}

function dayOf(time) {
  return Math.floor(time / DAY) * DAY;
}

function mondayOf(time) {
  // The first of January 1970 was a Thursday.
  return dayOf(time) - ((Math.floor(time / DAY) + 3) % 7) * DAY;
}

function monthLabels() {
  const firsts = SCENE.snapshots.filter(({ takenAt }) => new Date(takenAt).getUTCDate() === 1);
  return firsts.map(({ takenAt }) =>
    label(placeOf(takenAt).x, TOP - 12, MONTHS[new Date(takenAt).getUTCMonth()], 12, QUIET),
  );
}

function legend(deleted) {
  const y = TOP + 7 * (CELL + GAP) + 20;
  const entries = [...RULES, { color: GONE, text: `deleted: ${deleted}` }];
  const squares = entries.flatMap(({ color, text }, index) => [
    rect(LEFT + index * 140, y, CELL, CELL, color),
    label(LEFT + index * 140 + CELL + 8, y + 16, text, 14, INK),
  ]);
  const note =
    "A square of several colours is kept by several rules. The newest of each week is its Sunday, or today.";
  return [...squares, label(LEFT, y + 44, note, 12, QUIET)];
}

function rect(x, y, width, height, fill) {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${height}" fill="${fill}"/>`;
}

function label(x, y, text, size, fill, weight = "normal", anchor = "start") {
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${fill}" font-weight="${weight}" text-anchor="${anchor}">${text}</text>`;
}

function round(value) {
  return Math.round(value * 100) / 100;
}
