import { type Column, forScreen, tableLines } from "../screen/table";
import { paint, type Terminal } from "../screen/terminal";
import { folded, visible } from "../screen/text";
import type { LeftAlone } from "./choose";
import type { Adoption } from "./entries";

const COLUMNS: readonly Column<Adoption>[] = [
  { head: "Id", text: ({ id }) => id },
  { head: "Name", text: ({ outputs }) => outputs.name, least: 16 },
  { head: "Server", text: ({ outputs }) => outputs.serverName ?? "", least: 12 },
  {
    head: "Size",
    text: ({ outputs }) => (outputs.sizeGb === undefined ? "" : `${outputs.sizeGb} GB`),
    align: "right",
    spare: 1,
  },
  {
    head: "Taken (UTC)",
    text: ({ outputs }) => (outputs.createdAt ?? "").slice(0, 16).replace("T", " "),
    spare: 2,
  },
  { head: "Logical name", text: ({ logicalName }) => logicalName, least: 12 },
];

/** What is to be taken over, and what is left alone and why, as a person reads it before saying yes. */
export function planLines(
  adoptions: readonly Adoption[],
  left: readonly LeftAlone[],
  terminal: Terminal,
): string[] {
  const alone = linesOf(left).flatMap((line) => hanging(line, terminal.width));
  const { shown, rest } = forScreen(adoptions, terminal);
  return [
    ...(adoptions.length === 0 ? [] : [...tableLines(shown, COLUMNS, terminal), ...rest]),
    ...(alone.length === 0 ? [] : [paint(terminal, "bold", "Left alone:"), ...alone]),
  ];
}

/** More snapshots than this with one reason are one line. */
const TOLD_ONE_BY_ONE = 3;

/** What is left alone, by its reason: a rotation has hundreds, all for the same one. */
function linesOf(left: readonly LeftAlone[]): string[] {
  const byReason = new Map<string, LeftAlone[]>();
  for (const one of left) {
    const those = byReason.get(one.why);
    if (those === undefined) byReason.set(one.why, [one]);
    else those.push(one);
  }
  return [...byReason].flatMap(([why, those]) =>
    those.length > TOLD_ONE_BY_ONE
      ? [`${those.length} snapshots: ${why}`]
      : those.map(({ id, name }) => `${id}${name === "" ? "" : ` ${visible(name)}`}: ${why}`),
  );
}

/** Indented, and folded to the screen with a deeper indent. */
function hanging(line: string, width: number | undefined): string[] {
  const room = width === undefined ? undefined : width - 4;
  return folded(line, room).map((part, index) => `${index === 0 ? "  " : "    "}${part}`);
}
