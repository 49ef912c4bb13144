const { planServer } = require("../../dist/provider/rotation/plan/server");

const DAY = 86_400_000;
const NOW = Date.parse("2026-11-24T02:00:00Z");
const TIME_ZONE = "Europe/Berlin";

/** Every rule at work, the costly ones too. */
const POLICY = {
  everyMs: DAY / 24,
  keep: {
    ...{ last: 10, hourly: 48, daily: 30, weekly: 26, monthly: 24, yearly: -1 },
    ...{ within: "3d", withinHourly: "7d", withinDaily: "1m", withinWeekly: "1y", withinMonthly: "5y" },
  },
  timeZone: TIME_ZONE,
  minKeep: 3,
};

/** About one an hour on each server, in no order. */
function history(snapshots, servers) {
  return Array.from({ length: snapshots }, (_, index) => {
    const place = (index * 7_919) % snapshots;
    const cloudId = String(1_001 + (place % servers));
    const takenAt = NOW - Math.floor(place / servers) * (DAY / 24) - ((place * 31) % 1_200) * 1_000;
    return { id: `${cloudId}/${5_000 + place}`, cloudId, name: `n-${place}`, takenAt, status: "Active" };
  });
}

function timed(work) {
  const started = performance.now();
  const result = work();
  return [performance.now() - started, result];
}

/** The quickest of some runs: what it takes once the engine has compiled it, and nothing else had the processor. */
function repeated(work) {
  return Math.min(...Array.from({ length: 20 }, () => timed(work)[0]));
}

function writeDates(list) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: TIME_ZONE,
    dateStyle: "short",
    timeStyle: "short",
  });
  return [...list].sort((a, b) => b.takenAt - a.takenAt).map(({ takenAt }) => format.format(takenAt));
}

const { snapshots, servers, planFirst } = JSON.parse(process.argv[2]);
const list = history(snapshots, servers);
const cloudIds = [...new Set(list.map(({ cloudId }) => cloudId))];
const own = new Map(cloudIds.map((id) => [id, list.filter(({ cloudId }) => cloudId === id)]));
const plan = () => cloudIds.map((id) => planServer(id, own.get(id), POLICY, NOW));
const sides = { plan, dates: () => writeDates(list) };
const results = {};
for (const side of planFirst ? ["plan", "dates"] : ["dates", "plan"]) results[side] = timed(sides[side]);
const kept = results.plan[1].reduce((sum, one) => sum + one.keep.length, 0);
const again = Object.fromEntries(Object.entries(sides).map(([side, work]) => [side, repeated(work)]));
const first = { planMs: results.plan[0], datesMs: results.dates[0] };
console.log(JSON.stringify({ ...first, laterPlanMs: again.plan, laterDatesMs: again.dates, kept }));
