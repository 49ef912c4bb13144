import ts from "typescript";

/**
 * Reads a small program of a doc comment: constants, declared resources, look-ups and exports.
 * @returns {object[] | undefined} its steps; `undefined` where it does more than that
 */
export function readProgram(code) {
  const tree = ts.createSourceFile("example.ts", code, ts.ScriptTarget.Latest, true);
  const statements = tree.statements.filter((statement) => !ts.isImportDeclaration(statement));
  const steps = statements.map(readStep);
  return steps.includes(undefined) ? undefined : steps;
}

function readStep(statement) {
  if (ts.isExpressionStatement(statement)) return readResource(statement.expression);
  if (!ts.isVariableStatement(statement)) return undefined;
  const [{ name, initializer }] = statement.declarationList.declarations;
  const isExport = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
  const step = isExport
    ? { kind: "export", value: readValue(initializer) }
    : (readResource(initializer) ??
      readCall(initializer) ?? { kind: "constant", value: readValue(initializer) });
  return step.kind !== "resource" && step.kind !== "call" && step.value === undefined
    ? undefined
    : { ...step, variable: name.getText() };
}

function readResource(node) {
  if (!ts.isNewExpression(node) || node.arguments?.length !== 2) return undefined;
  const [name, args] = node.arguments.map(readValue);
  return ours(node.expression, { kind: "resource", name: name?.text, args });
}

function readCall(node) {
  if (!ts.isAwaitExpression(node) || !ts.isCallExpression(node.expression)) return undefined;
  return ours(node.expression.expression, {
    kind: "call",
    args: readValue(node.expression.arguments[0]),
  });
}

/** A step with the member of `utho` that it uses, if all of it could be read. */
function ours(callee, step) {
  const [, member] = /^utho\.(\w+)$/.exec(callee.getText()) ?? [];
  return member === undefined || step.args === undefined ? undefined : { ...step, member };
}

/** A value: a literal, a list, a record, or what a variable or a property of one holds. */
function readValue(node) {
  if (ts.isStringLiteral(node)) return { text: node.text };
  if (ts.isNumericLiteral(node)) return { plain: Number(node.text) };
  if (node.kind === ts.SyntaxKind.TrueKeyword) return { plain: true };
  if (node.kind === ts.SyntaxKind.FalseKeyword) return { plain: false };
  if (ts.isIdentifier(node)) return { variable: node.text };
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    return { variable: node.expression.text, property: node.name.text };
  }
  if (ts.isArrayLiteralExpression(node)) return whole({ list: node.elements.map(readValue) });
  if (!ts.isObjectLiteralExpression(node)) return undefined;
  const fields = node.properties.map((one) =>
    ts.isPropertyAssignment(one) ? [one.name.getText(), readValue(one.initializer)] : [],
  );
  return whole({ record: fields });
}

function whole(value) {
  const held = value.list ?? value.record.map(([, field]) => field);
  return held.includes(undefined) ? undefined : value;
}
