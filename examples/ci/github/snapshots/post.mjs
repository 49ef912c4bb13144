// Posts what was found to the job's summary and to GitHub:
//   node post.mjs summary | comment | issue
// Reads up.txt, preview.txt and check.txt, and the exit codes UP_CODE, PREVIEW_CODE and CHECK_CODE, as far as they are
// there. A code that is missing means that its command never ended, which is never an all-clear. Needs only Node.js 20.
import { appendFileSync, existsSync, readFileSync } from "node:fs";

const { env } = process;
const mode = process.argv[2] ?? "";
const MARKER = `<!-- snapshots of stack ${env.STACK} -->`;
/** Who posts with the token of a workflow: whatever others write is left alone, also where it quotes the marker. */
const AUTHOR = "github-actions[bot]";
/** GitHub takes 65536 characters; the end of an output says most. */
const LONGEST = 25_000;

function outputOf(file) {
  return existsSync(file) ? readFileSync(file, "utf8").trim() : "";
}

/** Names come from the cloud and the program: a fence that is longer than any inside keeps them text. */
function fenced(output) {
  const shown = output.length > LONGEST ? `[…]\n${output.slice(-LONGEST)}` : output;
  const fence = "`".repeat(Math.max(3, ...(shown.match(/`+/g) ?? []).map((run) => run.length + 1)));
  return `${fence}text\n${shown}\n${fence}\n`;
}

function run(file, code, done, failed) {
  const output = outputOf(file);
  const headline = code === "0" ? `✅ ${done}` : `❌ ${failed} (exit code ${code ?? "none: it did not end"})`;
  const warnings = [...new Set(output.match(/(?<=^ *warning: ).+$/gm))];
  const warned =
    code === "0" && warnings.length > 0 ? `⚠️ With warnings:\n\n${fenced(warnings.join("\n"))}\n` : "";
  return `### ${headline}\n\n${warned}<details><summary>Output</summary>\n\n${fenced(output)}\n</details>\n`;
}

const CHECK = { 0: "✅ All snapshots are as they should be", 1: "⚠️ There are findings" };
const check =
  CHECK[env.CHECK_CODE] ??
  `❌ The check failed, and says nothing (exit code ${env.CHECK_CODE ?? "none: it did not end"})`;
/** What was found, or why nothing could be: a sentence each, and open to the eye. */
const findings = `### ${check}\n\n${fenced(outputOf("check.txt"))}`;

function report() {
  if (mode === "issue") return findings;
  if (mode === "comment")
    return `${run("preview.txt", env.PREVIEW_CODE, "The preview passed", "The preview failed")}\n${findings}`;
  return `${findings}\n${run("up.txt", env.UP_CODE, "`pulumi up` is done", "`pulumi up` failed")}`;
}

async function github(method, path, body) {
  const response = await fetch(`${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${env.GITHUB_TOKEN}`,
      "x-github-api-version": "2022-11-28",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`);
  return response.json();
}

/** Finds our own comment or issue, on whichever page it is. */
async function find(path) {
  for (let page = 1; ; page += 1) {
    const items = await github("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`);
    const own = items.find(
      (one) => one.body?.startsWith(MARKER) && one.user?.login === AUTHOR && !one.pull_request,
    );
    if (own !== undefined || items.length < 100) return own;
  }
}

async function comment(body) {
  const known = await find(`/issues/${env.PR_NUMBER}/comments`);
  if (known === undefined) await github("POST", `/issues/${env.PR_NUMBER}/comments`, { body });
  else await github("PATCH", `/issues/comments/${known.id}`, { body });
}

/**
 * The title says the present state. Each bad night adds a comment, since GitHub mails no changed body; and a check that
 * failed leaves the findings in the body, which it knows nothing of.
 */
async function issue(body) {
  const isGood = env.CHECK_CODE === "0";
  const hasFound = env.CHECK_CODE === "1";
  const state = hasFound ? outputOf("check.txt").split(/[.\n]/)[0] : "the check fails";
  const title = `Snapshots of stack ${env.STACK}: ${isGood ? "all is well" : state}`;
  const known = await find("/issues?state=open");
  if (known === undefined) {
    if (!isGood) await github("POST", "/issues", { title, body });
    return;
  }
  await github("POST", `/issues/${known.number}/comments`, { body });
  const change = { title, ...(isGood ? { state: "closed" } : {}), ...(hasFound ? { body } : {}) };
  await github("PATCH", `/issues/${known.number}`, change);
}

if (!["summary", "comment", "issue"].includes(mode))
  throw new Error(`post.mjs summary | comment | issue, not "${mode}"`);
const text = report();
appendFileSync(env.GITHUB_STEP_SUMMARY, `${text}\n`);
if (mode === "comment") await comment(`${MARKER}\n${text}`);
if (mode === "issue") await issue(`${MARKER}\n${text}`);
