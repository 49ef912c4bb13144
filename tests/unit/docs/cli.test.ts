import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { buildProgram } from "../../../cli/program";
import { session } from "../../support/terminal";
import { headings, readPage } from "./pages";

const page = readPage("docs/cli.md");
const sections = page.split(/^## /m).slice(1);
const ABOUT_ALL = ["Which account"];

/** Commands that do something, by the words that lead to them. */
function endsOf(command: Command, route: string[] = []): [string, Command][] {
  if (command.commands.length === 0) return [[route.join(" "), command]];
  return command.commands.flatMap((one) => endsOf(one, [...route, one.name()]));
}

const commands = endsOf(buildProgram(session().terminal));

describe("docs/cli.md", () => {
  it("has a section for each command, and no other", () => {
    const documented = headings(page)
      .filter(({ level }) => level === 2)
      .map(({ title }) => title);
    expect(documented.filter((title) => !ABOUT_ALL.includes(title)).sort()).toEqual(
      commands.map(([name]) => name).sort(),
    );
  });

  it.each(commands)("lists the options of %s as the command has them", (name, command) => {
    const section = sections.find((one) => one.startsWith(`${name}\n`)) ?? "";
    const rows = [...section.matchAll(/^\| `((?:\\.|[^`])+)` \|/gm)].map(([, cell = ""]) =>
      cell.replaceAll("\\|", "|"),
    );
    const options = rows.filter((cell) => cell.startsWith("-"));
    expect(options.sort()).toEqual(command.options.map(({ flags }) => flags).sort());
  });
});
