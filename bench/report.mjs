import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SERVERS } from "./cloud.mjs";
import { doorsTable } from "./doors.mjs";
import {
  callTable,
  cpuTable,
  fleetTable,
  loadingTable,
  outputsTable,
  rotationTable,
  scaleTable,
  shortTable,
  stateTable,
  timeTable,
} from "./tables.mjs";

/** Everything that was measured, as a page. */
export function fullReport({ machine, options, rows, loading, rotation, fleet, scale, doors }) {
  const parts = [`# Results\n\n${factsOf(machine, options)}`];
  if (rows.length > 0) {
    parts.push(`## Time\n\n${timeTable(rows)}`);
    parts.push(`## Processor time\n\n${CPU_NOTE}\n\n${cpuTable(rows)}`);
    const outputs = outputsTable(rows);
    if (outputs !== undefined) parts.push(`## Processor time of the outputs alone\n\n${outputs}`);
    parts.push(`## Calls to Utho's API\n\n${callTable(rows)}`);
    parts.push(`## State file after \`up\`\n\n${stateTable(rows)}`);
  }
  if (loading !== undefined) parts.push(loadingText(loading));
  if (rotation !== undefined) parts.push(rotationText(rotation));
  if (fleet !== undefined) parts.push(fleetText(fleet));
  if (scale !== undefined) parts.push(`## A rotation that grows\n\n${scaleTable(scale)}`);
  if (doors !== undefined) parts.push(doorsText(doors));
  if (rows.length > 0) parts.push(notes(rows, options));
  return parts.join("\n");
}

const CPU_NOTE =
  "User and system time of all processes of a command together (the CLI, the program, the plugin), without the simulator. It counts work and not waiting, so that other work on the machine moves it far less than the clock.";

/** Which table is shown on which page; there, between two comments with the table's name. */
const SHOWN = [
  { name: "bench", page: "../README.md" },
  { name: "bench", page: "../docs/performance.md" },
  { name: "fleet", page: "../docs/performance.md" },
  { name: "plan", page: "../docs/performance.md" },
  { name: "scale", page: "../docs/performance.md" },
  { name: "loading", page: "../docs/performance.md" },
  { name: "doors", page: "../docs/which-door.md" },
];

/** The page, its short form and the figures, beside this file; and the short form where it is shown. */
export function save({ machine, options, rows, loading, rotation, fleet, scale, doors, samples }) {
  const write = (name, text) => writeFileSync(join(import.meta.dirname, name), text);
  const short = shortTable(rows, loading);
  const tables = {
    bench: short,
    fleet: fleetTable(fleet),
    plan: rotationTable(rotation),
    scale: scaleTable(scale),
    loading: loadingTable(loading.commands),
    doors: doorsTable(doors),
  };
  for (const { name, page } of SHOWN) {
    const text = readFileSync(join(import.meta.dirname, page), "utf8");
    const place = new RegExp(`(<!-- ${name} -->\\n)[^]*?(\\n<!-- /${name} -->)`);
    if (!place.test(text)) throw new Error(`${page} has no place for the table "${name}".`);
    write(
      page,
      text.replace(place, (_all, before, after) => before + tables[name].trimEnd() + after),
    );
  }
  write("results.md", fullReport({ machine, options, rows, loading, rotation, fleet, scale, doors }));
  write("README-table.md", short);
  write(
    "results.json",
    `${JSON.stringify({ machine, options, loading, rotation, fleet, scale, doors, rows, samples }, null, 2)}\n`,
  );
}

function factsOf({ date, processor, cores, memoryGiB, system, loadAverage, versions }, { rounds, repeats }) {
  const used = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `Made by \`npm run bench\` on ${date}; [docs/performance.md](../docs/performance.md) says what the columns mean.

- ${cores} cores of ${processor}, ${memoryGiB} GiB, ${system}; load average at the start ${loadAverage.toFixed(1)}
- ${used.join(", ")}
- ${rounds} rounds from nothing, in each ${repeats} runs of every command that changes nothing; medians
`;
}

function loadingText({ loads, pulumiMs, bothMs, differenceMs, addedMs, commands }) {
  return `## Loading

\`require("pulumi-utho")\` adds **${addedMs.toFixed(1)} ms** to a program that has loaded \`@pulumi/pulumi\`. Whole processes take ${bothMs.toFixed(0)} ms with it and ${pulumiMs.toFixed(0)} ms without, in pairs ${differenceMs.toFixed(1)} ms more. Medians of ${loads} fresh processes for each, the two in turn.

${loadingTable(commands)}`;
}

function rotationText(rows) {
  const [{ loads }] = rows;
  return `## The plan of a rotation

${rotationTable(rows)}
Every rule of \`keep\` at work, in a zone that changes its clock. Dates: the least that one can do with the same list, which is to sort it and write down each date in the zone. Medians of ${loads} fresh processes, in which the two took turns: the first plan of a process, as \`pulumi up\` makes it, and the quickest of twenty more. The ratios are medians of the ratios within a process.
`;
}

function fleetText(fleet) {
  const { servers, rounds, snapshotSeconds, floorSeconds } = fleet;
  return `## A fleet due at once

${fleetTable(fleet)}
${servers} servers without a snapshot, each of which takes the simulated Utho ${snapshotSeconds} s. One resource whose provider does nothing takes the engine ${floorSeconds.toFixed(2)} s; above it, in units of one snapshot's own time, 1.00 × is all snapshots at once and nothing else. Medians of ${rounds} rounds, in which the sides took turns.
`;
}

function doorsText(doors) {
  return `## Two doors

${doorsTable(doors)}
${doors.size} snapshots; ratios of processor time to the classes, medians of commands that ran next to each other in ${doors.rounds} rounds.
`;
}

function notes(rows, { poll }) {
  const shares = rows.flatMap(({ sides }) =>
    Object.values(sides).map(({ simulatorShare }) => simulatorShare),
  );
  const busiest = (Math.max(...shares) * 100).toFixed(1);
  return `## Notes

- ${SERVERS} servers; the snapshots go round them. The sides take turns at every single command, in another order each round; a ratio is the median of the ratios of commands that ran next to each other.
- Utho itself takes minutes for a snapshot and runs one operation at a time on a server. Here a snapshot is Active at once and \`utho:pollInterval\` is ${poll}, so that what is compared is the providers' own price and not the cloud's. A listing is made at most once for each poll interval, so a longer interval (5 s unless configured) and a faster machine make fewer of them.
- The API is the simulator, on this machine and beside the engine on the same cores. It was busy at most ${busiest} % of a command's time with one core, so nothing waits for it. It answers within milliseconds; over the internet each call costs a hundred times that, which the table of calls lets you calculate.
`;
}
