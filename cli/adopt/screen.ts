import { type Column, tableLines } from "../screen/table";
import { paint, type Terminal } from "../screen/terminal";
import { visible } from "../screen/text";
import type { LeftAlone } from "./choose";
import type { Adoption } from "./entries";

const COLUMNS: readonly Column<Adoption>[] = [
  { head: "Id", text: ({ id }) => id },
  { head: "Name", text: ({ outputs }) => outputs.name, least: 10 },
  { head: "Server", text: ({ outputs }) => outputs.serverName ?? "", least: 8 },
  {
    head: "Size",
    text: ({ outputs }) => (outputs.sizeGb === undefined ? "" : `${outputs.sizeGb} GB`),
    align: "right",
    spare: 1,
  },
  { head: "Taken", text: ({ outputs }) => outputs.createdAt ?? "", spare: 2 },
  { head: "Logical name", text: ({ logicalName }) => logicalName, least: 12 },
];

/** What is to be taken over, and what is left alone and why, as a person reads it before saying yes. */
export function planLines(
  adoptions: readonly Adoption[],
  left: readonly LeftAlone[],
  terminal: Terminal,
): string[] {
  const alone = left.map(({ id, name, why }) => `  ${id}${name === "" ? "" : ` ${visible(name)}`}: ${why}`);
  return [
    ...(adoptions.length === 0 ? [] : tableLines(adoptions, COLUMNS, terminal)),
    ...(alone.length === 0 ? [] : [paint(terminal, "bold", "Left alone:"), ...alone]),
  ];
}
