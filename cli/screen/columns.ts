import stringWidth from "string-width";

/** Its tables are loaded where a text is cut, once. */
let graphemes: Intl.Segmenter | undefined;

const PLAIN = /^[\x20-\x7e]*$/;

/** Columns that a text takes on a screen. */
export function columnsOf(text: string): number {
  // Most are plain, and a thousand of the others cost a second.
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/** At most `columns` columns of a text, with "…" where something was cut: at its end, or before its last `tail` characters. */
export function cut(text: string, columns: number, tail = 0): string {
  if (columnsOf(text) <= columns) return text;
  const end = tail > 0 && PLAIN.test(text) && columns > tail + 2 ? text.slice(-tail) : "";
  let kept = "";
  let used = 0;
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  for (const { segment } of graphemes.segment(text)) {
    const more = columnsOf(segment);
    if (used + more > columns - 1 - end.length) break;
    kept += segment;
    used += more;
  }
  return `${kept}…${end}`;
}
