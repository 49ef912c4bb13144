import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join, normalize, resolve } from "node:path";
import ts from "typescript";

export const REPOSITORY = resolve(__dirname, "../..");

/** The folders that become the package, each a layer of its own. */
export const LAYERS = [
  "sdk",
  "provider",
  "client",
  "simulator",
  "testing",
  "policy",
  "cli",
  "plugin",
] as const;
export type Layer = (typeof LAYERS)[number];

/** How a module is named: `lazy` imports run only when their line does, `type` imports never. */
export type ImportKind = "static" | "type" | "lazy";

export interface Import {
  /** As it is written: "./errors", "axios". */
  specifier: string;
  kind: ImportKind;
}

export interface Source {
  /** Below the repository, with slashes: "client/errors.ts". */
  file: string;
  tree: ts.SourceFile;
  imports: Import[];
}

/** Files that git tracks or would track, below these folders. */
export function filesBelow(folders: readonly string[], ending: RegExp): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", ...folders];
  const listed = execFileSync("git", args, { cwd: REPOSITORY, encoding: "utf8" }).split("\n");
  return listed.filter((file) => ending.test(file) && exists(file));
}

/** A file that was deleted and not committed yet is still listed. */
function exists(file: string): boolean {
  return ts.sys.fileExists(join(REPOSITORY, file));
}

export function readText(file: string): string {
  return readFileSync(join(REPOSITORY, file), "utf8");
}

export function readSource(file: string): Source {
  return parseSource(file, readText(file));
}

export function parseSource(file: string, text: string): Source {
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  return { file, tree, imports: importsOf(tree) };
}

/** Every node of a file, in the order of its text. */
export function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  for (const child of children) yield* nodesOf(child);
}

/** The source that a relative import names, without its ending; `undefined` for a package and for data. */
export function targetOf(importer: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".") || specifier.endsWith(".json")) return undefined;
  return normalize(join(dirname(importer), specifier.replace(/\.js$/, ""))).replaceAll("\\", "/");
}

/** "@scope/name/deep" → "@scope/name"; "node:fs" stays. */
export function packageOf(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}

function importsOf(tree: ts.SourceFile): Import[] {
  return [...nodesOf(tree)].flatMap((node): Import[] => {
    if (ts.isImportDeclaration(node)) return [named(node.moduleSpecifier, isTypeOnly(node))];
    if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
      return [named(node.moduleSpecifier, node.isTypeOnly || allTypes(node.exportClause))];
    }
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      return [named(node.argument.literal, true)];
    }
    if (ts.isCallExpression(node) && isRequireOrImport(node.expression)) {
      const [argument] = node.arguments;
      const isText = argument !== undefined && ts.isStringLiteral(argument);
      return isText ? [{ specifier: argument.text, kind: "lazy" }] : [];
    }
    return [];
  });
}

function named(specifier: ts.Node, isType: boolean): Import {
  return {
    specifier: specifier.getText().slice(1, -1),
    kind: isType ? "type" : "static",
  };
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (importClause === undefined) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  return importClause.name === undefined && allTypes(importClause.namedBindings);
}

function allTypes(bindings: ts.NamedImportBindings | ts.NamedExportBindings | undefined): boolean {
  if (bindings === undefined || !(ts.isNamedImports(bindings) || ts.isNamedExports(bindings))) return false;
  return bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
}

/** `import(…)`, `require(…)`, `require.resolve(…)`. */
function isRequireOrImport(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  return /^require(\.resolve)?$/.test(callee.getText());
}
