import { createHash } from "node:crypto";
import type { Finding, Report } from "../model";
import { count, escapeMarkup, formatCost, formatSize, formatTime, markupWithCode } from "../text";
import { excuseOf, verdictOf } from "../wording";
import { serverTable, snapshotTable } from "./listing";
import { SCRIPT } from "./script";
import { STYLE } from "./style";
import { timeline } from "./timeline";

/** One page that needs nothing else: no request leaves it, which its own policy enforces. */
export function renderHtml(report: Report): string {
  const policy = [
    "default-src 'none'",
    `script-src '${digest(SCRIPT)}'`,
    `style-src '${digest(STYLE)}'`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>Snapshots: ${escapeMarkup(verdictOf(report))}</title>
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#snapshots">To the list of snapshots</a>
${header(report)}
<main>
${findings(report)}
${timeline(report)}
${snapshotTable(report)}
${serverTable(report)}
${notes(report)}
</main>
<footer><p>pulumi-utho ${escapeMarkup(report.tool.version)} · <time datetime="${report.createdAt}">${formatTime(report.createdAt)}</time></p></footer>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function digest(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function header(report: Report): string {
  const { totals, sources, servers, verdict } = report;
  const tone = ["good", "warn", "bad"][verdict.exitCode] ?? "bad";
  const sign = ["✓", "!", "✕"][verdict.exitCode] ?? "";
  const stacks = sources.map(({ stack }) => `<bdi>${escapeMarkup(stack)}</bdi>`).join(", ");
  const tiles = [
    tile("Snapshots", String(totals.account.count), formatSize(totals.account.sizeGb)),
    tile("List price a month", formatCost(totals.account.monthlyCost), costRemark(report)),
    tile("Unmanaged", String(totals.unmanaged.count), `${formatCost(totals.unmanaged.monthlyCost)} a month`),
    tile("Servers covered", `${totals.servers.covered} of ${servers.length}`, coverageRemark(report)),
  ];
  return `<header>
<h1>Snapshots</h1>
<p class="where">${count(sources.length, "stack")}: ${stacks} · <time datetime="${report.createdAt}">${formatTime(report.createdAt)}</time></p>
<p class="verdict ${tone}"><span aria-hidden="true">${sign}</span> ${escapeMarkup(verdictOf(report))}</p>
<dl class="tiles">${tiles.join("")}</dl>
</header>`;
}

function tile(name: string, value: string, remark: string): string {
  return `<div><dt>${name}</dt><dd>${escapeMarkup(value)}</dd><dd class="remark">${escapeMarkup(remark)}</dd></div>`;
}

function costRemark({ totals }: Report): string {
  const { sizeUnknown } = totals;
  return sizeUnknown > 0
    ? `and ${sizeUnknown} of unknown size`
    : `${formatCost(totals.managed.monthlyCost)} managed`;
}

function coverageRemark({ totals, maxAgeSeconds }: Report): string {
  const { stale, uncovered } = totals.servers;
  const hours = Math.round(maxAgeSeconds / 360) / 10;
  const within = hours >= 48 ? `${Math.round(hours / 2.4) / 10} days` : `${hours} h`;
  return `within ${within}: ${stale} stale, ${uncovered} without`;
}

function findings({ findings: all }: Report): string {
  if (all.length === 0) return "";
  const alarming = all.filter(({ alarms }) => alarms);
  const others = all.filter(({ alarms }) => !alarms);
  const list = alarming.length === 0 ? "" : `<ul class="findings">${alarming.map(item).join("")}</ul>`;
  const rest =
    others.length === 0
      ? ""
      : `<details><summary>${count(others.length, "finding")} besides</summary><ul class="findings quiet">${others.map(item).join("")}</ul></details>`;
  return `<section aria-labelledby="findings-title"><h2 id="findings-title">Findings</h2>${list}${rest}</section>`;
}

function item(finding: Finding): string {
  const { kind, title, next } = finding;
  const excuse = excuseOf(finding);
  // A reason is a person's own words, in which a backtick is a backtick.
  const more = `${markupWithCode(next)}${excuse === "" ? "" : ` (${escapeMarkup(excuse)})`}`;
  return `<li><span class="badge ${kind}">${kind}</span> <span><bdi>${escapeMarkup(title)}</bdi><br><span class="next">${more}</span></span></li>`;
}

function notes({ notes: all }: Report): string {
  if (all.length === 0) return "";
  const items = all.map((note) => `<li><bdi>${escapeMarkup(note)}</bdi></li>`).join("");
  return `<section aria-labelledby="notes-title"><h2 id="notes-title">Notes</h2><ul>${items}</ul></section>`;
}
