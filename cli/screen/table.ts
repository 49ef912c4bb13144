import { columnsOf, cut } from "./columns";
import { paint, type Terminal } from "./terminal";
import { visible } from "./text";

/** Whom a table is for: whether colours may be used, and how many columns the screen has (`undefined`: no screen). */
export type Screen = Pick<Terminal, "color" | "width">;

export type Color = Parameters<typeof paint>[1];

/** One column of a table, and what gives way where the screen is narrow. */
export interface Column<T> {
  head: string;
  text: (row: T) => string;
  color?: (row: T) => Color | undefined;
  align?: "right";
  /** May be cut where the screen is narrow, down to this many columns. */
  least?: number;
  /** Where it is cut, this many characters of its end stay, half of them unless given: names of a fleet begin alike. */
  tail?: number;
  /** May be left out where the screen is narrower still; the lowest first. */
  spare?: number;
}

/** More than this no one reads on a screen. */
const MOST_ON_SCREEN = 200;

/** Of a long list what a screen shows, the first of it, and a line on the rest; a pipe or a file gets all. */
export function forScreen<T>(rows: readonly T[], { width }: Screen): { shown: readonly T[]; rest: string[] } {
  const more = rows.length - MOST_ON_SCREEN;
  if (width === undefined || more <= 0) return { shown: rows, rest: [] };
  return { shown: rows.slice(0, MOST_ON_SCREEN), rest: [`…and ${more} more: all are in a pipe or a file.`] };
}

/** A table without lines, one line for each row: on a screen no row is folded, and nothing in a cell is obeyed. */
export function tableLines<T>(rows: readonly T[], all: readonly Column<T>[], screen: Screen): string[] {
  const columns = columnsFor(all, rows, screen.width);
  const head = columns.map((column) => paint(screen, "bold", padded(column.head, column)));
  const lines = rows.map((row, index) =>
    columns.map((column) => {
      const text = padded(column.cells[index] ?? "", column);
      const wanted = column.color?.(row);
      return wanted === undefined ? text : paint(screen, wanted, text);
    }),
  );
  return [head, ...lines].map((cells) => cells.join(" ".repeat(GAP)).trimEnd());
}

/** A cell at the width of its column. */
function padded<T>(text: string, { width, align, tail }: FittedColumn<T>): string {
  const shown = cut(text, width, tail ?? Math.floor((width - 1) / 2));
  const blank = " ".repeat(Math.max(0, width - columnsOf(shown)));
  return align === "right" ? blank + shown : shown + blank;
}

interface FittedColumn<T> extends Column<T> {
  cells: string[];
  width: number;
}

const GAP = 2;

/** Each column as wide as its widest cell; on a narrow screen some are left out, and the widest give way, first of those that could be left out. */
function columnsFor<T>(
  all: readonly Column<T>[],
  rows: readonly T[],
  screenWidth: number | undefined,
): FittedColumn<T>[] {
  let columns = all.map((column): FittedColumn<T> => {
    const cells = rows.map((row) => visible(column.text(row)));
    const width = cells.reduce((widest, cell) => Math.max(widest, columnsOf(cell)), column.head.length);
    return { ...column, cells, width };
  });
  if (screenWidth === undefined) return columns;
  const spare = columns
    .filter((one) => one.spare !== undefined)
    .sort((a, b) => (a.spare ?? 0) - (b.spare ?? 0));
  for (const one of spare) {
    if (total(columns.map(({ least, width }) => Math.min(least ?? width, width))) <= screenWidth) break;
    columns = columns.filter((other) => other !== one);
  }
  while (total(columns.map(({ width }) => width)) > screenWidth) {
    const [widest] = columns
      .filter(({ least, width }) => width > (least ?? width))
      .sort((a, b) => Number(b.spare !== undefined) - Number(a.spare !== undefined) || b.width - a.width);
    if (widest === undefined) break;
    widest.width -= 1;
  }
  return columns;
}

function total(widths: readonly number[]): number {
  return widths.reduce((all, width) => all + width, GAP * (widths.length - 1));
}
