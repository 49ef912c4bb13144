#!/usr/bin/env node
/**
 * `npm run reliability`: runs the suites that kill runs, distort answers and live random lives, and writes their
 * figures into docs/reliability.md. A test prints its figures in lines `[reliability] key=value …`; the table is
 * written only if every test has passed, so that its zeros are what the tests have shown.
 *
 * `npm run reliability -- OUTPUT REPORT` takes the figures from a run that has ended, for example one of all tests:
 * what it printed, and its JSON report. All of these suites must be in it.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const PAGE = join(ROOT, "docs/reliability.md");
const SUITES = [
  "tests/engine/kill",
  "tests/engine/restore-kill.test.ts",
  "tests/engine/clone-kill.test.ts",
  "tests/engine/faults",
  "tests/unit/provider/faults",
  "tests/engine/company.test.ts",
  "tests/engine/model",
  "tests/engine/upgrade.test.ts",
];
const BEGIN = "<!-- figures: npm run reliability writes this part -->";
const END = "<!-- end of figures -->";

const folder = mkdtempSync(join(tmpdir(), "pulumi-utho-reliability-"));
try {
  const [printed, json] = process.argv.slice(2);
  const { output, report } =
    json === undefined ? await runSuites(join(folder, "report.json")) : endedRun(printed, json);
  const results = suitesOf(report);
  const tests = results.flatMap(({ assertionResults }) => assertionResults);
  const failed = tests.filter(({ status }) => status !== "passed").length;
  if (failed > 0) {
    console.error(`${failed} of ${tests.length} tests did not pass; the page is left as it was.`);
    process.exitCode = 1;
  } else {
    const ordinary =
      json === undefined ? "" : " They ran in an ordinary `npm test`, which leaves some combinations out.";
    const table = tableOf(output, results, tests.length) + ordinary;
    writePage(table);
    console.log(`\n${table}\n\nWritten into docs/reliability.md.`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function endedRun(printed, json) {
  const output = stripVTControlCharacters(readFileSync(printed, "utf8"));
  return { output, report: JSON.parse(readFileSync(json, "utf8")) };
}

/** The results of these suites' files; a suite that has none did not run, and then nothing is shown. */
function suitesOf({ testResults }) {
  const of = (suite) => testResults.filter(({ name }) => name.replaceAll("\\", "/").includes(`/${suite}`));
  const missing = SUITES.filter((suite) => of(suite).length === 0);
  if (missing.length > 0) throw new Error(`These did not run: ${missing.join(", ")}.`);
  const broken = SUITES.flatMap(of).filter(({ assertionResults }) => assertionResults.length === 0);
  if (broken.length > 0)
    throw new Error(`These could not be run: ${broken.map(({ name }) => name).join(", ")}.`);
  return SUITES.flatMap(of);
}

/** Shows the run as it goes and keeps what it prints. */
function runSuites(file) {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const projects = ["--project", "engine", "--project", "unit"];
  const args = [vitest, "run", ...projects, ...SUITES, ...reporters];
  // Every point in every way; the ordinary run of the tests leaves some combinations out to save time.
  const env = { ...process.env, UTHO_KILL_EVERY: "1", UTHO_MODEL_RUNS: process.env.UTHO_MODEL_RUNS ?? "300" };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.on("data", (bytes) => {
    output += bytes.toString();
    process.stdout.write(bytes);
  });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", () => {
      try {
        done({ output, report: JSON.parse(readFileSync(file, "utf8")) });
      } catch (error) {
        fail(new Error("The test run ended without a report.", { cause: error }));
      }
    });
  });
}

/** All figures of one key, in the order in which they were printed. */
function figures(output, key) {
  const lines = output.split("\n").filter((line) => line.includes("[reliability]"));
  const pattern = new RegExp(`\\b${key}=(?:"([^"]*)"|(\\S+))`);
  return lines.flatMap((line) => {
    const match = pattern.exec(line);
    return match === null ? [] : [match[1] ?? match[2]];
  });
}

function tableOf(output, results, passed) {
  const sum = (key) => figures(output, key).reduce((total, value) => total + Number(value), 0);
  const distinct = (key) => new Set(figures(output, key).flatMap((names) => names.split(","))).size;
  const seconds = results.map(({ startTime, endTime }) => (endTime - startTime) / 1000);
  const longest = Math.round(Math.max(...seconds));
  const rows = [
    ["Points at which a run was killed or interrupted, real CLI", figures(output, "killed").length],
    ["Wrong answers tried (way × call × before or after the effect)", sum("faults")],
    ["Calls of the API that they struck", distinct("calls")],
    ["Odd or lying listings, a whole life and a deletion outside under each", sum("listings")],
    ["Races of several programs, or a program and a person, for one server", sum("races")],
    ["Random lives (operations in them)", `${sum("lives")} (${sum("operations")})`],
    ["Kills of the provider in random lives", sum("kills")],
    ["Wrong answers in random lives", sum("faultsFired")],
    ["Recorded states of released versions read without a difference", sum("states")],
    ["**Snapshots lost**", "**0**"],
    ["**Snapshots made twice, or left without a report**", "**0**"],
  ];
  const lines = rows.map(([what, count]) => `| ${what} | ${count} |`);
  const when = new Date().toISOString().slice(0, 10);
  return [
    "| What | Count |",
    "|---|---:|",
    ...lines,
    "",
    `${passed} tests passed on ${when}; the longest file took ${longest} s.`,
  ].join("\n");
}

function writePage(table) {
  const page = readFileSync(PAGE, "utf8");
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`${PAGE} lacks the marks between which the figures stand.`);
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n${table}\n${page.slice(end)}`);
}
