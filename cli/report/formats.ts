import type { Screen } from "../screen/table";
import { UsageError } from "../screen/terminal";
import type { Report } from "./model";

/** What a report can be shown as. */
const FORMATS = ["table", "brief", "json", "markdown", "junit", "sarif", "html"] as const;

export type Format = (typeof FORMATS)[number];

/** A format, and the file that it goes to; `undefined`: the screen. */
export interface Output {
  format: Format;
  file: string | undefined;
}

/**
 * Where everything goes: `--format json=report.json --format table`, with `--out` for the one that names no file.
 * @throws UsageError
 */
export function readOutputs(formats: readonly string[], out: string | undefined): Output[] {
  const outputs = (formats.length > 0 ? formats : ["table"]).map((text): Output => {
    const at = text.indexOf("=");
    const format = at < 0 ? text : text.slice(0, at);
    const file = at < 0 ? out : text.slice(at + 1);
    if (!isFormat(format)) throw new UsageError(`--format: "${format}" is not one of ${FORMATS.join(", ")}`);
    if (file === "") throw new UsageError(`--format: "${text}" names no file`);
    return { format, file };
  });
  const screens = outputs.filter(({ file }) => file === undefined);
  if (screens.length > 1) {
    const names = screens.map(({ format }) => format).join(" and ");
    throw new UsageError(
      `--format: ${names} would be mixed up on one screen; give a file: ${names.split(" ")[0]}=<file>`,
    );
  }
  const files = outputs.flatMap(({ file }) => (file === undefined ? [] : [file]));
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) throw new UsageError(`--format: two formats would be written to ${twice}`);
  return outputs;
}

function isFormat(text: string): text is Format {
  return FORMATS.some((one) => one === text);
}

/** A report as text. Each format is loaded when it is wanted. */
export async function render(format: Format, report: Report, screen: Screen): Promise<string> {
  switch (format) {
    case "table":
      return (await import("./table.js")).renderTable(report, screen);
    case "brief":
      return (await import("./brief.js")).renderBrief(report, screen);
    case "json":
      return `${JSON.stringify(report, null, 2)}\n`;
    case "markdown":
      return (await import("./markdown.js")).renderMarkdown(report);
    case "junit":
      return (await import("./junit.js")).renderJunit(report);
    case "sarif":
      return (await import("./sarif.js")).renderSarif(report);
    case "html":
      return (await import("./html/page.js")).renderHtml(report);
  }
}
