import { parseArgs } from "node:util";
import { POLL_INTERVAL } from "./cloud.mjs";
import { OPERATIONS } from "./operations.mjs";
import { VARIANTS } from "./variants.mjs";

export const USAGE = `Usage: npm run bench -- [options]

  --sizes 10,100,500     numbers of snapshots, spread over 50 servers
  --rounds 3             rounds, each from nothing; every figure is the median of its rounds
  --repeats 2            how often a round runs each command that changes nothing
  --only ours,floor      of ${Object.keys(VARIANTS).join(", ")} (engine), load (loading the package),
                         rotation (its plan), fleet (50 servers due at once), scale (how a rotation grows)
                         and doors (the classes beside the plugin, at the largest size)
  --operations up,...    of ${Object.keys(OPERATIONS).join(", ")}; the others begin where "up" ends, so it always runs
  --scales 200,2000      servers of the rotation that shows how its price grows
  --poll 100ms           utho:pollInterval
  --loads 31             fresh processes for each figure of load and rotation
  --compare              measure the version of the last entry of bench/history.jsonl on this machine, too, and print ratios
  --against <commit>     the same for any commit
  --json                 print figures for a program; nothing is noted
  --help                 print this

Every run adds its figures, machine and commit to bench/history.jsonl. A run that leaves no size, part or command out also writes bench/results.md, results.json and README-table.md, and puts
the last of them into README.md and docs/performance.md.
`;

export const DEFAULT_SIZES = [10, 100, 500];
const CHOICES = [...Object.keys(VARIANTS), "load", "rotation", "fleet", "scale", "doors"];
const PARTS = CHOICES.filter((part) => !VARIANTS[part]?.extra);

/** Options of the command line. @throws Error on one that cannot be used */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      sizes: { type: "string", default: DEFAULT_SIZES.join(",") },
      rounds: { type: "string", default: "3" },
      repeats: { type: "string", default: "2" },
      only: { type: "string", default: PARTS.join(",") },
      operations: { type: "string", default: Object.keys(OPERATIONS).join(",") },
      loads: { type: "string", default: "31" },
      scales: { type: "string", default: "200,2000" },
      poll: { type: "string", default: POLL_INTERVAL },
      compare: { type: "boolean", default: false },
      against: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const options = {
    help: values.help,
    compare: values.compare || values.against !== undefined,
    against: values.against,
    poll: values.poll,
    json: values.json,
    sizes: values.sizes.split(",").map((text) => count("--sizes", text)),
    rounds: count("--rounds", values.rounds),
    repeats: count("--repeats", values.repeats),
    loads: count("--loads", values.loads),
    scales: values.scales.split(",").map((text) => count("--scales", text)),
    only: words("--only", values.only, CHOICES),
    operations: words("--operations", `up,${values.operations}`, Object.keys(OPERATIONS)),
  };
  return { ...options, complete: isComplete(options) };
}

/** Whether nothing is left out, so that the results may stand for the package. */
function isComplete({ sizes, only, operations, poll }) {
  return (
    poll === POLL_INTERVAL &&
    DEFAULT_SIZES.every((size) => sizes.includes(size)) &&
    PARTS.every((part) => only.includes(part)) &&
    operations.length === Object.keys(OPERATIONS).length
  );
}

function count(option, text) {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${option}: "${text}" is not a whole number above 0`);
}

function words(option, text, known) {
  const chosen = text.split(",");
  const unknown = chosen.filter((word) => !known.includes(word));
  if (unknown.length > 0) throw new Error(`${option}: ${unknown.join(", ")} is not of ${known.join(", ")}`);
  return known.filter((word) => chosen.includes(word));
}
