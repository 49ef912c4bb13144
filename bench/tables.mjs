import { OPERATIONS } from "./operations.mjs";

const NOTHING = "—";

const SIDES = ["command", "snapshots", "pulumi-utho", "engine's floor", "documented way"];
const RATIOS = ["ours ÷ floor", "documented ÷ ours"];

/** Seconds of each command for each side, and how the sides compare. */
export function timeTable(rows) {
  return table(
    [...SIDES, ...RATIOS],
    rows.map(({ operation, size, sides, oursToFloor, documentedToOurs }) => [
      OPERATIONS[operation].title,
      size,
      seconds(sides.ours?.seconds),
      seconds(sides.floor?.seconds),
      seconds(sides.documented?.seconds),
      times(oursToFloor),
      times(documentedToOurs),
    ]),
  );
}

/** The same in processor time, of all processes of a command together. */
export function cpuTable(rows) {
  return table(
    [...SIDES, ...RATIOS],
    rows.map(({ operation, size, sides, oursToFloorCpu, documentedToOursCpu }) => [
      OPERATIONS[operation].title,
      size,
      seconds(sides.ours?.cpuSeconds),
      seconds(sides.floor?.cpuSeconds),
      seconds(sides.documented?.cpuSeconds),
      times(oursToFloorCpu),
      times(documentedToOursCpu),
    ]),
  );
}

/** What showing a snapshot's outputs costs by itself, and waiting for it; undefined where neither was measured. */
export function outputsTable(rows) {
  const answering = ({ outputs, waiting }) => outputs ?? waiting;
  if (!rows.some(({ sides }) => answering(sides) !== undefined)) return undefined;
  return table(
    [
      "command",
      "snapshots",
      "outputs ÷ floor",
      "outputs that wait ÷ floor",
      "ours ÷ floor",
      "ours ÷ outputs that wait",
      "state: outputs ÷ floor",
      "state: ours ÷ floor",
    ],
    rows.map(({ operation, size, sides, sides: { ours, floor }, ...ratios }) => [
      OPERATIONS[operation].title,
      size,
      times(ratios.outputsToFloorCpu),
      times(ratios.waitingToFloorCpu),
      times(ratios.oursToFloorCpu),
      times(ratios.oursToWaitingCpu),
      times(floor && answering(sides) && answering(sides).stateBytes / floor.stateBytes),
      times(ours && floor && ours.stateBytes / floor.stateBytes),
    ]),
  );
}

/** Calls to Utho's API. */
export function callTable(rows) {
  return table(
    ["command", "snapshots", "pulumi-utho", "of which listings of the account", "documented way"],
    rows.map(({ operation, size, sides }) => [
      OPERATIONS[operation].title,
      size,
      sides.ours?.calls ?? NOTHING,
      sides.ours?.listings ?? NOTHING,
      sides.documented?.calls ?? NOTHING,
    ]),
  );
}

/** The state file after `up`. */
export function stateTable(rows) {
  return table(
    ["snapshots", "pulumi-utho", "engine's floor", "documented way", "ours, a snapshot", "documented ÷ ours"],
    rows
      .filter(({ operation }) => operation === "up")
      .map(({ size, sides }) => [
        size,
        kilobytes(sides.ours?.stateBytes),
        kilobytes(sides.floor?.stateBytes),
        kilobytes(sides.documented?.stateBytes),
        kilobytes(sides.ours && sides.ours.stateBytes / size),
        times(sides.ours && sides.documented && sides.documented.stateBytes / sides.ours.stateBytes),
      ]),
  );
}

/** What the README shows: the largest size, one line for each thing that a user waits or pays for. */
export function shortTable(rows, loading) {
  const largest = Math.max(...rows.map(({ size }) => size));
  const chosen = rows.filter(({ size }) => size === largest);
  const up = chosen.find(({ operation }) => operation === "up");
  const lines = chosen.map(({ operation, sides, ...ratios }) => [
    OPERATIONS[operation].title,
    `${seconds(sides.ours?.seconds)}, ${calls(sides.ours)}`,
    seconds(sides.floor?.seconds),
    `${seconds(sides.documented?.seconds)}, ${calls(sides.documented)}`,
    times(ratios.oursToFloor),
    times(ratios.oursToFloorCpu),
    times(ratios.documentedToOurs),
    times(ratios.documentedToOursCpu),
  ]);
  const { ours, floor, documented } = up?.sides ?? {};
  lines.push([
    "state file",
    kilobytes(ours?.stateBytes),
    kilobytes(floor?.stateBytes),
    kilobytes(documented?.stateBytes),
    times(ours && floor && ours.stateBytes / floor.stateBytes),
    NOTHING,
    times(ours && documented && documented.stateBytes / ours.stateBytes),
    NOTHING,
  ]);
  const head = [`${largest} snapshots of 50 servers`, "pulumi-utho", "engine's floor", "documented way"];
  const text = table([...head, ...RATIOS.flatMap((ratio) => [ratio, "same, processor time"])], lines);
  if (loading === undefined) return text;
  return `${text}\n\`require("pulumi-utho")\` adds ${loading.addedMs.toFixed(1)} ms to loading \`@pulumi/pulumi\`.\n`;
}

/** What is loaded of this package, by what a user waits for. */
export function loadingTable(commands) {
  return table(
    ["loaded of this package, and what it needs", "modules", "processor time"],
    commands.map(({ title, modules, cpuMs }) => [title, modules, `${cpuMs.toFixed(1)} ms`]),
  );
}

/** The plan of a rotation beside writing down the dates. */
export function rotationTable(rows) {
  return table(
    ["snapshots", "servers", "first plan", "first ÷ dates", "later plans", "later ÷ dates"],
    rows.map(({ snapshots, servers, planMs, planToDates, laterPlanMs, laterPlanToDates }) => [
      snapshots,
      servers,
      `${planMs.toFixed(1)} ms`,
      times(planToDates),
      `${laterPlanMs.toFixed(1)} ms`,
      times(laterPlanToDates),
    ]),
  );
}

/** One rotation of a fleet beside a Snapshot for each of its servers. */
export function fleetTable({ servers, sides }) {
  const titles = { rotation: "one `SnapshotRotation`", snapshots: `${servers} times \`Snapshot\`` };
  return table(
    ["declared as", "`up`", "(`up` − floor) ÷ one snapshot", "calls"],
    Object.entries(sides).map(([side, result]) => [
      titles[side],
      seconds(result.seconds),
      times(result.aboveFloor),
      calls({ ...result, calls: result.calls + result.listings }),
    ]),
  );
}

/** How a rotation grows; `growth` beside how many times the servers are. */
export function scaleTable(rows) {
  return table(
    [
      "one rotation, 10 old snapshots each",
      "servers",
      "processor time",
      "growth",
      "calls",
      "at 5 a second",
      "plugin's memory",
    ],
    rows.map((row) => [
      row.title,
      row.servers,
      seconds(row.cpuSeconds),
      row.times === 1 ? NOTHING : `${times(row.growth)} for ${row.times} ×`,
      row.calls,
      `${row.uthoSeconds.toFixed(1)} s`,
      row.megabytes === undefined ? NOTHING : `${row.megabytes.toFixed(0)} MB`,
    ]),
  );
}

/** What a version takes of an earlier one's time. */
export function comparisonText(rows, commit) {
  return table(
    [
      "command",
      `processor time ÷ that of ${commit}`,
      "the same, each ÷ the engine's floor",
      "calls before → now",
    ],
    rows.map(({ name, cpu, aboveFloor, calls: [before, now] }) => [
      name,
      times(cpu),
      times(aboveFloor),
      `${before} → ${now}`,
    ]),
  );
}

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |\n`;
  const alignments = head.map((_, index) => (index === 0 ? "---" : "---:"));
  return line(head) + line(alignments) + rows.map(line).join("");
}

function seconds(value) {
  return value === undefined ? NOTHING : `${value.toFixed(2)} s`;
}

function times(ratio) {
  return ratio === undefined ? NOTHING : `${ratio.toFixed(2)} ×`;
}

function kilobytes(bytes) {
  return bytes === undefined ? NOTHING : `${(bytes / 1000).toFixed(bytes < 10_000 ? 2 : 0)} kB`;
}

/** Calls for single snapshots, and apart from them the shared listings, which depend on the time that passes. */
function calls(side) {
  if (side === undefined) return NOTHING;
  const own = side.calls - side.listings;
  const parts = [
    ...(own > 0 || side.listings === 0 ? [count(own, "call")] : []),
    ...(side.listings > 0 ? [count(side.listings, "shared listing")] : []),
  ];
  return parts.join(" + ");
}

function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
