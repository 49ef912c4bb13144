import { spawnSync } from "node:child_process";
import { basename, dirname } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { filesBelow, LAYERS, nodesOf, readSource, readText, type Source } from "./sources";

const LONGEST_FILE = 300;

/** Where things end up that have no name of their own. */
const DRAWER = /^(utils?|helpers?|common|misc|stuff)$/i;

const OURS = [...LAYERS, "tools", "examples", "bench", "tests"];

const sources = filesBelow(LAYERS, /\.ts$/).map(readSource);
const typed = filesBelow([...LAYERS, "examples", "tests"], /\.m?ts$/).map(readSource);

function placeOf({ file, tree }: Source, node: ts.Node): string {
  return `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

describe("files", () => {
  it(`have fewer than ${LONGEST_FILE} lines`, () => {
    const long = filesBelow([...LAYERS, "tools", "examples"], /\.(m?ts|mjs|js)$/)
      .map((file) => ({ file, lines: readText(file).split("\n").length - 1 }))
      .filter(({ lines }) => lines >= LONGEST_FILE);
    expect(long).toEqual([]);
  });

  it("are named by their duty, and none is a drawer", () => {
    const drawers = filesBelow(OURS, /./).filter((file) => {
      const names = [...dirname(file).split("/"), basename(file).split(".")[0] ?? ""];
      return names.some((name) => DRAWER.test(name));
    });
    expect(drawers).toEqual([]);
  });
});

describe("exports", () => {
  it("are imported somewhere", () => {
    const uses = new Map<string, number>();
    for (const file of filesBelow([...OURS, "docs"], /\.(m?ts|mjs|js|md)$/)) {
      for (const word of new Set(readText(file).match(/[A-Za-z_$][\w$]*/g)))
        uses.set(word, (uses.get(word) ?? 0) + 1);
    }
    const unused = sources.flatMap((source) =>
      source.tree.statements
        .flatMap(exportedNames)
        .filter((name) => uses.get(name) === 1)
        .map((name) => `${source.file}: ${name}`),
    );
    expect(unused).toEqual([]);
  });
});

function exportedNames(statement: ts.Statement): string[] {
  if (!ts.canHaveModifiers(statement)) return [];
  if (!ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
  const named = ts.isVariableStatement(statement) ? statement.declarationList.declarations : [statement];
  return named.flatMap((one) => ("name" in one && one.name !== undefined ? [one.name.getText()] : []));
}

describe("words", () => {
  it("are those of the field: the list of `npm run lint` finds none to avoid", () => {
    const { status, stderr } = spawnSync(process.execPath, ["tools/words.mjs"], { encoding: "utf8" });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  });
});

describe("types", () => {
  it("are never `any`", () => {
    const anys = typed.flatMap((source) =>
      [...nodesOf(source.tree)]
        .filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword)
        .map((node) => placeOf(source, node)),
    );
    expect(anys).toEqual([]);
  });

  it("are proven and not asserted: no casts and no `!` in the package", () => {
    const asserted = sources.flatMap((source) =>
      [...nodesOf(source.tree)]
        .filter((node) => ts.isNonNullExpression(node) || isCast(node))
        .map((node) => placeOf(source, node)),
    );
    expect(asserted).toEqual([]);
  });
});

/** `x as T`; `as const` asserts nothing that is not so. */
function isCast(node: ts.Node): boolean {
  return (ts.isAsExpression(node) && node.type.getText() !== "const") || ts.isTypeAssertionExpression(node);
}
