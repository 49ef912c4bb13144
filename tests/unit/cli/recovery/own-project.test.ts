import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { OwnProject } from "../../../../cli/recovery/own-project";
import { readSettings } from "../../../../provider/config";
import { session } from "../../../support/terminal";

let folder: string;
let project: OwnProject;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "own-project-"));
  const settings = readSettings(() => undefined, { UTHO_TOKEN: "a-token" });
  project = new OwnProject(
    folder,
    { settings, config: new Map() },
    session({ env: { PATH: "", PULUMI_HOME: join(folder, "none") } }).terminal,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it.each([
  ["index.js", "my.program();"],
  ["index.ts", "my.program();"],
])("writes over no folder that holds something else (%s)", async (name, text) => {
  writeFileSync(join(folder, name), text);
  await expect(project.write("restore", [])).rejects.toThrow(`${folder} holds something else`);
  expect(readdirSync(folder)).toEqual([name]);
  expect(readFileSync(join(folder, name), "utf8")).toBe(text);
});

it("goes on in a folder that an interrupted call left, and removes what is its own alone", async () => {
  // There is no Pulumi here: it ends where it wants the stack.
  for (const _call of [1, 2]) await expect(project.write("restore", [])).rejects.toThrow("UTHO_STACK");
  expect(readdirSync(folder)).toContain("index.js");
  mkdirSync(join(folder, "mine"));
  await project.remove();
  expect(readdirSync(folder)).toEqual(["mine"]);
  rmSync(join(folder, "mine"), { recursive: true });
  await project.remove();
  expect(() => readdirSync(folder)).toThrow("ENOENT");
});
