import { packageVersion } from "../package-version";
import { paint, type Terminal } from "../screen/terminal";
import { folded } from "../screen/text";
import { countsOf, type Finding, type Verdict } from "./finding";

const COLORS = { ok: "green", skipped: "dim", warning: "yellow", problem: "red" } as const;
const VERDICT_WIDTH = "problem".length;

/** The findings as a person reads them, folded to the screen's width. */
export function screenLines(
  findings: readonly Finding[],
  terminal: Pick<Terminal, "color" | "width">,
): string[] {
  const titleWidth = Math.max(...findings.map(({ title }) => title.length));
  const indent = VERDICT_WIDTH + titleWidth + 4;
  const left = (terminal.width ?? 0) - indent;
  // A screen too narrow for a column of its own gets the lines as they are.
  const room = left < 30 ? undefined : left;
  const lines = findings.flatMap(({ verdict, title, detail, next }) => {
    const head = `${paint(terminal, COLORS[verdict], verdict.padEnd(VERDICT_WIDTH))}  ${title.padEnd(titleWidth)}  `;
    const text = next === undefined ? detail : `${detail}\nnext: ${next}`;
    const [first = "", ...rest] = text.split("\n").flatMap((line) => folded(line, room));
    return [head + first, ...rest.map((line) => " ".repeat(indent) + line)];
  });
  return [
    paint(terminal, "bold", `pulumi-utho ${packageVersion()} on ${process.platform}-${process.arch}`),
    "",
    ...lines,
    "",
    summary(findings),
  ];
}

function summary(findings: readonly Finding[]): string {
  const counts = countsOf(findings);
  const plural = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;
  return `${plural(counts.problem, "problem")}, ${plural(counts.warning, "warning")}, ${counts.ok} ok, ${counts.skipped} skipped`;
}

/** The same for a script. `schemaVersion` grows when a field changes its meaning or goes. */
export function jsonText(findings: readonly Finding[]): string {
  const counts = countsOf(findings);
  const verdict: Verdict = counts.problem > 0 ? "problem" : counts.warning > 0 ? "warning" : "ok";
  const { platform, arch, versions } = process;
  const about = { version: packageVersion(), platform: `${platform}-${arch}`, node: versions.node };
  return JSON.stringify({ schemaVersion: 1, ...about, verdict, counts, findings }, undefined, 2);
}
