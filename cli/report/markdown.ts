import type { Finding, Report } from "./model";
import { count, escapeMarkdown, formatAge, formatCost, formatSize, markdownWithCode } from "./text";
import { excuseOf, recoveryOf, remarkOn, STATE_WORDS, serverOf, summaryOf, verdictOf } from "./wording";

/** By this comment a job finds its own earlier comment and writes over it. It must never change. */
export const MARKER = "<!-- pulumi-utho-report -->";

/** GitHub refuses comments of more than 65,536 characters. */
const LONGEST = 60_000;

/** For pull request comments and job summaries. */
export function renderMarkdown(report: Report): string {
  const icon = ["✅", "⚠️", "❌"][report.verdict.exitCode] ?? "";
  const page = new Page();
  page.add(`${MARKER}\n## ${icon} Snapshots: ${escapeMarkdown(verdictOf(report))}\n`);
  page.add(
    `${summaryOf(report)
      .map((line) => `- ${escapeMarkdown(line)}`)
      .join("\n")}\n`,
  );
  page.list("### Findings\n", report.findings.filter(({ alarms }) => alarms).map(findingLine));
  page.list(
    "<details><summary>Other findings</summary>\n",
    report.findings.filter(({ alarms }) => !alarms).map(findingLine),
    "\n</details>\n",
  );
  addSnapshots(page, report);
  addServers(page, report);
  page.list(
    "### Notes\n",
    report.notes.map((note) => `- ${escapeMarkdown(note)}`),
  );
  page.add(`\n<sub>pulumi-utho ${report.tool.version}, ${report.createdAt}</sub>`);
  return `${page.text()}\n`;
}

function addSnapshots(page: Page, report: Report): void {
  const wrong = report.snapshots.filter(({ state }) => state !== "in-sync");
  const inSync = report.snapshots.length - wrong.length;
  page.list(
    row(["State", "Snapshot", "Name", "Server", "Age", "Size", "A month", "What"]) +
      "\n| --- | --- | --- | --- | ---: | ---: | ---: | --- |",
    wrong.map((one) =>
      row(
        [
          STATE_WORDS[one.state],
          one.id,
          one.name,
          serverOf(one),
          formatAge(one.ageSeconds),
          formatSize(one.sizeGb),
          formatCost(one.monthlyCost),
        ],
        remarkOn(one),
      ),
    ),
    inSync > 0 ? `\n${count(inSync, "snapshot")} in sync.\n` : "",
  );
}

function addServers(page: Page, report: Report): void {
  page.list(
    `<details><summary>Servers</summary>\n\n${row(["Coverage", "Server", "Recovery point", "Snapshots", "A month"])}\n| --- | --- | ---: | ---: | ---: |`,
    report.servers.map((one) =>
      row([
        one.coverage,
        `${one.hostname} (${one.cloudId})`,
        recoveryOf(one),
        String(one.snapshots),
        formatCost(one.monthlyCost),
      ]),
    ),
    "\n</details>\n",
  );
}

function findingLine(finding: Finding): string {
  const excuse = excuseOf(finding);
  const mark = finding.alarms ? "**" : "";
  const more = excuse === "" ? markdownWithCode(finding.next) : `*${escapeMarkdown(excuse)}*`;
  return `- ${mark}${finding.kind}${mark}: ${escapeMarkdown(finding.title)}. ${more}`;
}

/** @param remark our own words, in which backticks mean code; a name keeps its own */
function row(cells: readonly string[], remark?: string): string {
  const shown = [...cells.map(escapeMarkdown), ...(remark === undefined ? [] : [markdownWithCode(remark)])];
  return `| ${shown.join(" | ")} |`;
}

/** Text that stays below the limit, and says what it left out. */
class Page {
  private readonly lines: string[] = [];
  private length = 0;

  add(text: string): void {
    this.lines.push(text);
    this.length += text.length + 1;
  }

  /** `items` under `head`, as far as there is room. */
  list(head: string, items: readonly string[], tail = ""): void {
    if (items.length === 0) {
      // A table without rows would be an empty box; what stands below it may still be true.
      if (tail !== "" && !tail.includes("</details>")) this.add(tail);
      return;
    }
    // Without a blank line what stands above would take the head of a table into its last item.
    this.add(`\n${head}`);
    let left = items.length;
    for (const item of items) {
      if (this.length + item.length > LONGEST) break;
      this.add(item);
      left -= 1;
    }
    if (left > 0) this.add(`\n…and ${left} more: see the JSON or HTML report.`);
    if (tail !== "") this.add(tail);
  }

  text(): string {
    return this.lines.join("\n");
  }
}
