import ts from "typescript";
import { describe, expect, it } from "vitest";
import { readPage } from "./pages";

interface Declared {
  /** Heading of the section in README.md. */
  resource: string;
  file: string;
}

const RESOURCES: Declared[] = [
  { resource: "Snapshot", file: "sdk/snapshot.ts" },
  { resource: "SnapshotRestore", file: "sdk/snapshotRestore.ts" },
  { resource: "ServerClone", file: "sdk/serverClone.ts" },
  { resource: "SnapshotRotation", file: "sdk/snapshotRotation.ts" },
];

/** Names of the members that a file declares: of its `…Args` interface, and the `declare readonly` ones of its class. */
function membersOf(file: string): { inputs: string[]; outputs: string[] } {
  const tree = ts.createSourceFile(file, readPage(file), ts.ScriptTarget.ES2022, true);
  const inputs: string[] = [];
  const outputs: string[] = [];
  for (const statement of tree.statements) {
    if (ts.isInterfaceDeclaration(statement)) {
      inputs.push(...statement.members.map((member) => member.name?.getText() ?? ""));
    }
    if (ts.isClassDeclaration(statement)) {
      const declared = statement.members.filter((member) => ts.isPropertyDeclaration(member));
      outputs.push(...declared.map((member) => member.name.getText()));
    }
  }
  return { inputs, outputs };
}

function sectionOf(resource: string): string {
  const [, section = ""] = readPage("README.md").split(`\n### ${resource}\n`);
  return section.split(/\n##+ /)[0] ?? "";
}

describe("README.md", () => {
  it.each(RESOURCES)("names every input and output of $resource", ({ resource, file }) => {
    const { inputs, outputs } = membersOf(file);
    expect(inputs.length).toBeGreaterThan(3);
    expect(outputs.length).toBeGreaterThan(5);
    const section = sectionOf(resource);
    expect([...inputs, ...outputs].filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
  });

  it("names every filter and every field of the look-ups", () => {
    const tree = ts.createSourceFile(
      "types.ts",
      readPage("provider/lookup/types.ts"),
      ts.ScriptTarget.ES2022,
      true,
    );
    const names = tree.statements
      .filter((statement) => ts.isInterfaceDeclaration(statement))
      .flatMap(({ members }) => members.map((member) => member.name?.getText() ?? ""));
    const section = readPage("README.md").split("\n## Look-ups\n")[1]?.split("\n## ")[0] ?? "";
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(section))).toEqual([]);
  });
});
