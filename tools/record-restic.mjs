#!/usr/bin/env node
/**
 * Asks restic itself what it keeps, for the tests of the rotation to compare its plan with.
 * Needs restic 0.17 or newer in the PATH; takes some minutes, since it makes each snapshot in a repository of its own.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const OUTPUT = resolve(import.meta.dirname, "../tests/unit/provider/rotation/recorded/restic.json");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Times as real ones are: some nights missing, some hours double. None lies in the future, or restic would count otherwise. */
const HISTORIES = [
  { name: "sundays", timeZone: "UTC", times: every(7 * DAY, 12, "2019-11-17T11:00:00Z") },
  { name: "nights, some missed", timeZone: "UTC", times: nights("2026-03-02T02:00:00Z", 45) },
  { name: "hours, then a gap", timeZone: "UTC", times: hours("2026-01-02T05:20:00Z") },
  { name: "months and years", timeZone: "UTC", times: every(47 * DAY, 30, "2024-03-31T23:59:59Z") },
  { name: "nights in India", timeZone: "Asia/Kolkata", times: nights("2026-01-03T18:40:00Z", 30) },
  { name: "clock forward", timeZone: "America/New_York", times: every(9 * HOUR, 40, "2026-03-14T03:30:00Z") },
  { name: "clock back", timeZone: "Europe/Berlin", times: every(11 * HOUR, 40, "2026-11-01T12:30:00Z") },
  { name: "a single one", timeZone: "UTC", times: ["2026-11-24T02:00:00.000Z"] },
];

const POLICIES = [
  { last: 1 },
  { last: 5 },
  { last: -1 },
  { hourly: 6 },
  { daily: 4 },
  { daily: 7, weekly: 5, monthly: 12, yearly: 75 },
  { weekly: 3 },
  { weekly: -1 },
  { monthly: 4 },
  { yearly: 2 },
  { last: 2, hourly: 3, daily: 5, weekly: 2, monthly: 2, yearly: 1 },
  { daily: -1, monthly: 2 },
  { within: "14d" },
  { within: "1m" },
  { within: "1y6m3d2h" },
  { within: "36h", weekly: 4 },
  { withinHourly: "2d" },
  { withinDaily: "7d", withinWeekly: "1m", withinMonthly: "1y", withinYearly: "75y" },
  { withinDaily: "10d", daily: 2, last: 1 },
  { withinMonthly: "5m" },
];

function every(step, count, newest) {
  return Array.from({ length: count }, (_, index) => iso(Date.parse(newest) - index * step)).reverse();
}

function nights(newest, count) {
  const last = Date.parse(newest);
  const kept = Array.from({ length: count }, (_, night) => night).filter((night) => night % 7 !== 3);
  return kept.map((night) => iso(last - night * DAY + ((night * 7_919) % 1_500) * 1_000)).reverse();
}

function hours(newest) {
  const last = Date.parse(newest);
  const steps = [
    0, 0.25, 1, 2, 2.5, 3, 5, 6, 7, 7.9, 8, 20, 21, 26, 27, 28, 49, 50, 74, 75, 200, 201, 900, 901,
  ];
  return steps.map((step) => iso(last - step * HOUR)).reverse();
}

function iso(time) {
  return new Date(time).toISOString();
}

/** restic reads and writes times in the zone of its process, and keeps by the zone that it has written. */
function local(time, timeZone) {
  const text = new Date(time).toLocaleString("sv-SE", { timeZone });
  return text.slice(0, 19);
}

function flagsOf(policy) {
  return Object.entries(policy).flatMap(([rule, value]) => [
    `--keep-${rule.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    value === -1 ? "unlimited" : String(value),
  ]);
}

function record({ name, timeZone, times }, folder) {
  const repository = join(folder, name.replace(/\W/g, "-"));
  const restic = (...args) =>
    execFileSync(
      "restic",
      ["--repo", repository, "--insecure-no-password", "--no-cache", "--json", ...args],
      {
        env: { ...process.env, TZ: timeZone },
        input: "x",
        encoding: "utf8",
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
  restic("init");
  for (const time of times) {
    restic("backup", "--quiet", "--host", "web", "--time", local(time, timeZone), "--stdin");
  }
  const cases = POLICIES.map((keep) => {
    const [group] = JSON.parse(restic("forget", "--dry-run", ...flagsOf(keep)));
    const reasons = group.reasons.map(({ snapshot, matches }) => [iso(snapshot.time), matches]);
    return { keep, kept: Object.fromEntries(reasons) };
  });
  console.error(`${name}: ${times.length} snapshots, ${cases.length} policies`);
  return { name, timeZone, times, cases };
}

const folder = mkdtempSync(join(tmpdir(), "record-restic-"));
try {
  const version = execFileSync("restic", ["version"], { encoding: "utf8" }).split(" ")[1];
  const histories = HISTORIES.map((history) => record(history, folder));
  writeFileSync(OUTPUT, `${JSON.stringify({ version, histories }, null, 1)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
