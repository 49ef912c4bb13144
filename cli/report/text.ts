import { visible } from "../screen/text";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For the text and the quoted attributes of HTML and XML; safe for any input, since nothing invisible is left. */
export function escapeMarkup(text: string): string {
  return visible(text)
    .replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one)
    .replace(/[\ufffe\uffff]/g, "\ufffd");
}

/**
 * For running text and table cells of Markdown: no markup, no link, no mention of a person, no reference to an issue,
 * no emoji. GitHub looks for the last three after entities have become characters, and not across a comment.
 */
export function escapeMarkdown(text: string): string {
  return visible(text)
    .replace(
      /[&<>"'\\`*_{}[\]#|~@$]|:(?=\/\/)|(?<=www)\./gi,
      (one) => ENTITIES[one] ?? `&#${one.charCodeAt(0)};`,
    )
    .replace(/&#(35|64);|:(?=[\w+-]+:)/g, "$&<!-- -->");
}

/** A name in a sentence in which backticks mean code: one of its own is written out, as what is invisible is. */
export function inSentence(name: string): string {
  return name.replaceAll("`", "\\u{60}");
}

/** The same, where commands and code stand in backticks: those become code, and nothing in them is obeyed. */
export function markdownWithCode(text: string): string {
  return withCode(text, escapeMarkdown);
}

/** For HTML, likewise. */
export function markupWithCode(text: string): string {
  return withCode(text, escapeMarkup);
}

/** In HTML also within Markdown, where a bar in a code span would end the cell of a table. */
function withCode(text: string, escaped: (text: string) => string): string {
  return text
    .split(/(`[^`\n]+`)/)
    .map((part) => (/^`.+`$/.test(part) ? `<code>${escaped(part.slice(1, -1))}</code>` : escaped(part)))
    .join("");
}

/** How long, to two units: "3d 4h", "5m", "12s". */
export function formatAge(seconds: number | null): string {
  if (seconds === null) return "?";
  const sign = seconds < 0 ? "-" : "";
  let rest = Math.abs(Math.round(seconds));
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    if (count > 0) parts.push(`${count}${unit}`);
    else if (parts.length > 0) break;
    rest -= count * length;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0s" : sign + parts.join(" ");
}

const UNITS: readonly (readonly [unit: string, seconds: number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
];

/** "50 GB"; "?" if it is unknown. */
export function formatSize(sizeGb: number | null): string {
  return sizeGb === null ? "?" : `${formatNumber(sizeGb)} GB`;
}

/** "₹1,200.50"; "?" where it is not known. */
export function formatCost(rupees: number | null): string {
  return rupees === null ? "?" : `₹${formatNumber(rupees)}`;
}

/** At most two decimals, thousands by commas. `Intl` would load its tables for it. */
function formatNumber(value: number): string {
  const [whole = "", ...decimals] = String(Number(value.toFixed(2))).split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...decimals].join(".");
}

/** "2026-11-24 15:04 UTC" */
export function formatTime(iso: string | null): string {
  return iso === null ? "unknown" : `${iso.slice(0, 16).replace("T", " ")} UTC`;
}

/** "1 snapshot", "2 snapshots". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
