import { paint, type Terminal } from "../terminal";
import type { LeftAlone } from "./choose";
import type { Adoption } from "./entries";

/** What is to be taken over, and what is left alone and why, as a person reads it before saying yes. */
export function planLines(
  adoptions: readonly Adoption[],
  left: readonly LeftAlone[],
  terminal: Terminal,
): string[] {
  const rows = adoptions.map(({ id, logicalName, outputs }) => [
    id,
    outputs.name,
    outputs.serverName ?? "",
    outputs.sizeGb === undefined ? "" : `${outputs.sizeGb} GB`,
    outputs.createdAt ?? "",
    logicalName,
  ]);
  const head = ["ID", "NAME", "SERVER", "SIZE", "TAKEN", "LOGICAL NAME"];
  const [first = "", ...rest] = rows.length === 0 ? [] : columns([head, ...rows]);
  const alone = left.map(({ id, name, why }) => `  ${id}${name === "" ? "" : ` ${plainly(name)}`}: ${why}`);
  return [
    ...(rows.length === 0 ? [] : [paint(terminal, "bold", first), ...rest]),
    ...(alone.length === 0 ? [] : [paint(terminal, "bold", "Left alone:"), ...alone]),
  ];
}

function columns(rows: readonly string[][]): string[] {
  const clean = rows.map((row) => row.map(plainly));
  const widths = (clean[0] ?? []).map((_, column) =>
    Math.max(...clean.map((row) => (row[column] ?? "").length)),
  );
  return clean.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Names come from the cloud and may hold anything; control characters would write over the screen. */
function plainly(text: string): string {
  return text.replace(/\p{Cc}/gu, "?");
}
