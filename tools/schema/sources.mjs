import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";

/**
 * The sources as they are written: a resolved type has lost its aliases, and with them the names that the schema needs.
 */
export class Sources {
  #trees = new Map();

  constructor(root) {
    this.root = root;
  }

  /** The syntax tree of a source. */
  tree(file) {
    const known = this.#trees.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(join(this.root, file), "utf8");
    const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    this.#trees.set(file, tree);
    return tree;
  }

  /** What a name stands for in a file: its declaration there, or where it is imported from. */
  declaration(file, name) {
    for (const statement of this.tree(file).statements) {
      if (ts.isImportDeclaration(statement)) {
        const source = sourceOfImport(statement, name);
        if (source === undefined) continue;
        const target = posix.join(dirname(file), source);
        return this.declaration(
          existsSync(join(this.root, `${target}.ts`)) ? `${target}.ts` : `${target}/index.ts`,
          name,
        );
      }
      if (ts.isVariableStatement(statement)) {
        const found = statement.declarationList.declarations.find((one) => one.name.getText() === name);
        if (found !== undefined) return found;
      } else if (statement.name?.getText() === name) return statement;
    }
    throw new Error(`${file} neither declares nor imports ${name}.`);
  }

  /** What a file exports of another one under a name. */
  exported(file, name) {
    const source = this.tree(file)
      .statements.filter(ts.isExportDeclaration)
      .find(({ exportClause }) => exportClause.elements.some((element) => element.name.text === name));
    return this.declaration(posix.join(dirname(file), `${source.moduleSpecifier.text}.ts`), name);
  }
}

/** Where an import takes a name from, if it does and it is a source of ours. */
function sourceOfImport({ importClause, moduleSpecifier }, name) {
  const bindings = importClause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return undefined;
  if (!bindings.elements.some((element) => element.name.text === name)) return undefined;
  if (!moduleSpecifier.text.startsWith(".")) throw new Error(`${name} is a type of ${moduleSpecifier.text}.`);
  return moduleSpecifier.text;
}

/** The file in which a declaration stands. */
export function fileOf(node) {
  return node.getSourceFile().fileName;
}
