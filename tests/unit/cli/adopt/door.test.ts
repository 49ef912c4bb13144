import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { doorOf, languageOf } from "../../../../cli/adopt/door";
import { programText } from "../../../../cli/adopt/program-text";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "utho-adopt-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const project = (text: string) => writeFileSync(join(folder, "Pulumi.yaml"), text);
const entry = (type: string) => ({ urn: "", type, id: undefined, delete: false, provider: undefined });

it.each([
  ["runtime: nodejs", [], "class", "classes"],
  ["runtime: yaml\nplugins: {}", [], "plugin", "yaml"],
  ["runtime:\n  name: python\n  options: {}", [], "plugin", "python"],
  ["{name: x, runtime: {name: go}}", [], "plugin", "go"],
  ['"runtime": "dotnet"', [], "plugin", "yaml"],
  ["runtime: nodejs", ["utho:index:Snapshot"], "plugin", "nodejs"],
  ["runtime: nodejs", ["utho:index:Snapshot", "pulumi-nodejs:dynamic/utho:Snapshot"], "class", "classes"],
])("of a project %j and a state with %j takes the door %s and writes %s", (text, types, door, language) => {
  project(text);
  const chosen = doorOf({ entries: types.map(entry) }, folder);
  expect([chosen, languageOf(chosen, folder)]).toEqual([door, language]);
});

it("writes each language as its SDK is called", () => {
  const adoption = {
    logicalName: "golden",
    urn: "",
    id: "1002/7002",
    args: { cloudId: "1002" },
    inputs: {},
    outputs: { name: "golden", cloudId: "1002", snapshotId: "7002", status: "Active" },
    registered: [],
    accountId: undefined,
  };
  expect(programText([adoption], true, "python")).toContain(
    'utho.Snapshot("golden", cloud_id="1002", opts=pulumi.ResourceOptions(protect=True))',
  );
  expect(programText([adoption], false, "python")).toContain('utho.Snapshot("golden", cloud_id="1002")\n');
  expect(programText([adoption], true, "nodejs")).toContain('import * as utho from "pulumi-utho-sdk";');
  expect(programText([adoption], true, "go")).toContain(
    'utho.NewSnapshot(ctx, "golden", &utho.SnapshotArgs{CloudId: pulumi.String("1002")}, pulumi.Protect(true))',
  );
  expect(programText([adoption], false, "yaml")).not.toContain("options:");
});
