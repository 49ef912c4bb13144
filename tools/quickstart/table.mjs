/**
 * Rows under their headings, columns as wide as they must be.
 * @param {{title: string, right?: boolean}[]} columns
 * @param {string[][]} rows
 */
export function table(columns, rows) {
  const widths = columns.map(({ title }, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const render = (cells) =>
    cells
      .map((cell, column) =>
        columns[column].right ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join("  ")
      .trimEnd();
  return [
    render(columns.map(({ title }) => title)),
    render(widths.map((width) => "─".repeat(width))),
    ...rows.map(render),
  ].join("\n");
}
