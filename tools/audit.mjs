#!/usr/bin/env node
/**
 * `npm run audit`: asks the registry for known weaknesses of what runs with a user's token, and fails on a high or
 * critical one. Where the registry gives no such answer (no network, a mirror without the service), it says so and
 * passes: the tests in tests/unit/security/dependencies.test.ts audit what is locked without asking anybody.
 */
import { spawnSync } from "node:child_process";

const run = spawnSync(
  "npm",
  ["audit", "--omit=dev", "--json", "--fetch-retries=1", "--fetch-timeout=15000"],
  {
    encoding: "utf8",
    shell: process.platform === "win32",
  },
);
const report = parsed(run.stdout);
const counts = report?.metadata?.vulnerabilities;

if (counts === undefined) {
  const why = report?.message ?? run.error?.message ?? "npm gave no report";
  console.log(`The registry could not be asked for known weaknesses (${why}); nothing was learned.`);
} else {
  const grave = (counts.high ?? 0) + (counts.critical ?? 0);
  console.log(`Known weaknesses: ${counts.total ?? 0}, of them high or critical: ${grave}.`);
  for (const [name, { severity, range, via }] of Object.entries(report.vulnerabilities ?? {})) {
    const titles = via.flatMap((cause) => (typeof cause === "string" ? [] : [cause.title]));
    console.log(`- ${name} ${range}: ${severity}. ${titles.join("; ")}`);
  }
  if (grave > 0) process.exitCode = 1;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
