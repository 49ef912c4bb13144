// Posts what Pulumi found to the job's summary and to GitHub:
//   node post.mjs summary | comment | issue
// Reads up.txt, preview.txt and drift.txt, and the exit codes UP_CODE, PREVIEW_CODE and DRIFT_CODE, as far as they are
// there. A code that is missing means that its command never ended, which is never "no drift". Needs only Node.js 20.
import { appendFileSync, existsSync, readFileSync } from "node:fs";

const { env } = process;
const mode = process.argv[2] ?? "";
const MARKER = `<!-- snapshots of stack ${env.STACK} -->`;
const TITLE = `Snapshots of stack ${env.STACK} have drifted`;
/** GitHub takes 65536 characters; the end of an output says most. */
const LONGEST = 50_000;

const UP = { 0: "✅ `pulumi up` is done" };
const PREVIEW = { 0: "✅ The preview passed" };
const DRIFT = {
  0: "✅ No drift: every snapshot is there and as it was",
  7: "⚠️ Drift: a snapshot is missing or was changed outside",
};

function section(file, code, words, otherwise) {
  const headline = words[code] ?? `❌ ${otherwise} (exit code ${code ?? "none: it did not end"})`;
  const output = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  const shown = output.length > LONGEST / 2 ? `[…]\n${output.slice(-LONGEST / 2)}` : output;
  // Names come from the cloud and the program: a fence that is longer than any inside keeps them text.
  const fence = "`".repeat(Math.max(3, ...(shown.match(/`+/g) ?? []).map((run) => run.length + 1)));
  return `### ${headline}\n\n<details><summary>Output</summary>\n\n${fence}text\n${shown}\n${fence}\n\n</details>\n`;
}

function report() {
  if (mode === "summary") return section("up.txt", env.UP_CODE, UP, "`pulumi up` failed");
  const drift = section("drift.txt", env.DRIFT_CODE, DRIFT, "The drift check failed, and says nothing");
  if (mode === "issue") return drift;
  return `${section("preview.txt", env.PREVIEW_CODE, PREVIEW, "The preview failed")}\n${drift}`;
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

/** Finds the comment or issue with our marker, on whichever page it is. */
async function find(path) {
  for (let page = 1; ; page += 1) {
    const items = await github("GET", `${path}${path.includes("?") ? "&" : "?"}per_page=100&page=${page}`);
    const own = items.find(({ body }) => body?.includes(MARKER));
    if (own !== undefined || items.length < 100) return own;
  }
}

async function comment(body) {
  const known = await find(`/issues/${env.PR_NUMBER}/comments`);
  if (known === undefined) await github("POST", `/issues/${env.PR_NUMBER}/comments`, { body });
  else await github("PATCH", `/issues/comments/${known.id}`, { body });
}

async function issue(body) {
  const known = await find("/issues?state=open");
  if (env.DRIFT_CODE === "0") {
    if (known !== undefined) await github("PATCH", `/issues/${known.number}`, { body, state: "closed" });
  } else if (known !== undefined) {
    await github("PATCH", `/issues/${known.number}`, { body });
  } else {
    const title = env.DRIFT_CODE === "7" ? TITLE : `The drift check of stack ${env.STACK} fails`;
    await github("POST", "/issues", { title, body });
  }
}

if (!["summary", "comment", "issue"].includes(mode))
  throw new Error(`post.mjs summary | comment | issue, not "${mode}"`);
const text = report();
appendFileSync(env.GITHUB_STEP_SUMMARY, `${text}\n`);
if (mode === "comment") await comment(`${MARKER}\n${text}`);
if (mode === "issue") await issue(`${MARKER}\n${text}`);
