import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { controlCalls } from "../../../simulator/control/calls";
import { defaultSettings, faultKindNames } from "../../../simulator/index";
import { routes } from "../../../simulator/routes/index";

const root = join(__dirname, "../../..");
const page = readFileSync(join(root, "docs/simulator.md"), "utf8");

/** The cells of the table whose first column has this heading, without the code marks. */
function table(heading: string): string[][] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replace(/^`(.*?)`$/, "$1")),
  );
}

describe("docs/simulator.md", () => {
  it("opens with what is not imitated", () => {
    expect(page.match(/^## .*$/m)?.[0]).toBe("## What it does not imitate");
  });

  it("lists exactly the settings, in their order", () => {
    expect(table("setting").map(([name]) => name)).toEqual(Object.keys(defaultSettings));
  });

  it("lists the defaults as they are", () => {
    const documented = Object.fromEntries(table("setting").map(([name = "", value]) => [name, value]));
    for (const [name, value] of Object.entries(defaultSettings)) {
      if (typeof value === "object" && value !== null && name !== "refusedHostnames") continue;
      expect([name, documented[name]]).toEqual([name, JSON.stringify(value)]);
    }
  });

  it("lists exactly the kinds of faults", () => {
    const kinds = table("kind").map(([cell]) => cell?.match(/\{ (\w+)/)?.[1]);
    expect(kinds.sort()).toEqual([...faultKindNames].sort());
  });

  it("lists exactly the operations with their calls", () => {
    const calls = routes.map((one) => [
      one.operation,
      `${one.method} ${one.path.replace(/:(\w+)/g, "{$1}")}`,
    ]);
    expect(table("operation").sort()).toEqual(calls.sort());
  });

  it("lists exactly the control calls", () => {
    const calls = controlCalls.map((one) => `${one.method} /_simulator${one.path}`);
    expect(table("call").map(([call]) => call)).toEqual(["GET /_simulator", ...calls]);
  });

  it("lists exactly the error codes", () => {
    const source = readFileSync(join(root, "simulator/error.ts"), "utf8");
    const codes = [...source.matchAll(/"(SIMULATOR_\w+)"/g)].map((match) => match[1]);
    expect(table("code").map(([code]) => code)).toEqual([...codes, "SIMULATOR_FORBIDDEN"]);
  });
});
