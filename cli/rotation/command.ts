import { type Command, InvalidArgumentError } from "commander";
import { isTimeZone } from "../../client/time";
import type { RawInputs } from "../../provider/engine/inputs";
import { timesProblem } from "../../provider/rotation/check";
import { parseWithin } from "../../provider/rotation/plan/periods";
import { parseEvery } from "../../provider/rotation/settings";
import type { Terminal } from "../screen/terminal";
import { addAccountOptions } from "../stack/account";
import type { RotationPlanFlags } from "./flags";

const examples = `
Examples:
  $ pulumi-utho rotation plan --stack prod
  $ pulumi-utho rotation plan --state state.json --keep-daily 30 --now 2026-12-24T02:00:00Z
  $ pulumi-utho rotation plan --cloud-id 1001 --cloud-id 1002 --prefix prod-nightly \\
      --every 24h --keep-last 3 --keep-daily 7 --keep-weekly 4 --time-zone Asia/Kolkata

The rules are restic's: docs/uses/backups-you-can-trust.md in the repository explains them.`;

const counted = {
  last: "keep the newest of all, this many; -1: all",
  hourly: "keep the newest of an hour, for this many hours that have a snapshot",
  daily: "keep the newest of a day, for this many days that have a snapshot",
  weekly: "keep the newest of an ISO week, for this many weeks that have a snapshot",
  monthly: "keep the newest of a month, for this many months that have a snapshot",
  yearly: "keep the newest of a year, for this many years that have a snapshot",
} as const;

const spans = {
  within: "keep all within this time before the newest, such as 14d or 1y6m (m: months)",
  "within-hourly": "keep the newest of each hour within this time",
  "within-daily": "keep the newest of each day within this time",
  "within-weekly": "keep the newest of each ISO week within this time",
  "within-monthly": "keep the newest of each month within this time",
  "within-yearly": "keep the newest of each year within this time",
} as const;

/** Adds `pulumi-utho rotation`. What it runs is loaded when it runs. */
export function rotationCommand(program: Command, terminal: Terminal): void {
  const rotation = program
    .command("rotation")
    .summary("see what a SnapshotRotation would do")
    .description("Looks at the rotations of a stack, or tries a policy out. Nothing is written.");
  const plan = rotation
    .command("plan")
    .summary("what a rotation would take, keep and delete now, and why")
    .description(
      "Prints what a rotation would take, keep and delete now, and why, without a Pulumi run: of the rotations that a " +
        "stack's state holds, or of a policy given by the options. The snapshots are those of the live account; " +
        "nothing is written, there or here.",
    )
    .option(
      "--state <file>",
      "file written by `pulumi stack export` (-: standard input): plan the rotations in it",
    )
    .option("--cloud-id <id>", "a server of a rotation that is in no state; may be given again", collectIds)
    .option(
      "--prefix <text>",
      "what the names of the rotation's snapshots begin with, <stack>-<name> as a rule",
    )
    .option("--mark <hex>", "the six hex digits in their names", readMark)
    .option("--every <duration>", "time between two snapshots, such as 24h or 7d", readEvery)
    .option("--at <time>", "from when on a day a snapshot is due, such as 02:00", readAt)
    .option("--between <time-time>", "in which hours a snapshot is due, such as 01:00-05:00", readBetween);
  for (const [rule, text] of Object.entries(counted)) plan.option(`--keep-${rule} <count>`, text, readCount);
  for (const [rule, text] of Object.entries(spans)) plan.option(`--keep-${rule} <span>`, text, readSpan);
  plan
    .option("--time-zone <name>", "IANA zone in which hours, days, weeks … begin (default: UTC)", readZone)
    .option("--min-keep <count>", "Active ones that always stay (default: 1)", readMinKeep)
    .option("--now <time>", "plan as if it were this time, such as 2026-12-24T02:00:00Z", readTime)
    .option("--json", "print the plan as JSON", false);
  addAccountOptions(plan)
    .addHelpText("after", examples)
    .action(async (flags: RotationPlanFlags) => {
      const { runRotationPlan } = await import("./run.js");
      await runRotationPlan(flags, terminal);
    });
}

function collectIds(text: string, before: string[] | undefined): string[] {
  if (!/^\d{1,20}$/.test(text))
    throw new InvalidArgumentError("The id of a server is a number, such as 1001.");
  return [...(before ?? []), text];
}

function readMark(text: string): string {
  if (/^[0-9a-f]{6}$/.test(text)) return text;
  throw new InvalidArgumentError("A mark is six hex digits, such as a1b2c3.");
}

function readEvery(text: string): string {
  if (parseEvery(text) !== undefined) return text;
  throw new InvalidArgumentError("Wanted is a duration above 0, such as 24h, 7d or 1h30m.");
}

function readAt(text: string): string {
  return readTimes({ at: text }).at;
}

function readBetween(text: string): string[] {
  return readTimes({ between: text.split("-") }).between;
}

function readTimes<T extends RawInputs>(times: T): T {
  const problem = timesProblem(times);
  if (problem === undefined) return times;
  throw new InvalidArgumentError(`${problem}.`);
}

function readCount(text: string): number {
  const count = Number(text);
  if (/^-?\d+$/.test(text) && count >= -1 && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError("Wanted is a whole number, or -1 for all.");
}

function readSpan(text: string): string {
  if (parseWithin(text) !== undefined) return text;
  throw new InvalidArgumentError(
    "Wanted is a time span of years, months, weeks, days and hours, such as 14d or 1y6m.",
  );
}

function readZone(text: string): string {
  if (isTimeZone(text)) return text;
  throw new InvalidArgumentError("Wanted is an IANA name, such as Asia/Kolkata or UTC.");
}

function readMinKeep(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError(
    "Wanted is a whole number of 1 or more: the last good snapshot always stays.",
  );
}

function readTime(text: string): number {
  const time = Date.parse(text);
  if (/^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(time)) return time;
  throw new InvalidArgumentError("Wanted is an ISO 8601 time, such as 2026-12-24T02:00:00Z.");
}
