import stringWidth from "string-width";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const PLAIN = /^[\x20-\x7e]*$/;

/** Columns that a text takes on a screen. */
export function columnsOf(text: string): number {
  // Most are plain, and a thousand of the others cost a second.
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** At most `columns` columns of a text, which ends in "…" where something was cut. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const more = columnsOf(segment);
    if (used + more > columns - 1) break;
    kept += segment;
    used += more;
  }
  return `${kept}…`;
}
