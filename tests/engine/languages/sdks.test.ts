import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const REPOSITORY = resolve(__dirname, "../../..");
const log = (line: string): void => console.error(line);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-sdks-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Cold, the generators are compiled first. */
describe("the SDKs of other languages", { timeout: 1_500_000 }, () => {
  it("are made from the schema by Pulumi's generators, and compile", async () => {
    const { makeSdks, compileSdks } = await import("../../../tools/sdks/make.mjs");
    await makeSdks(folder, { log });
    mkdirSync(join(folder, "scratch"));
    expect([...compileSdks(folder, join(folder, "scratch"))]).toEqual([
      "nodejs: compiled",
      "python: compiled",
      "go: compiled",
      "dotnet: written, and compiled by no one: there is no compiler of .NET here",
    ]);
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));
    for (const file of ["python/pulumi_utho_snapshots", "go/utho", "dotnet"]) {
      const plugin = JSON.parse(readFileSync(join(folder, file, "pulumi-plugin.json"), "utf8"));
      expect(plugin, file).toMatchObject({ resource: true, name: "utho", version });
    }
  });

  it("are refused for a schema that Pulumi cannot read, with what is wrong in it", async () => {
    const { provideLanguages } = await import("../../../tools/provide-engine/languages.mjs");
    const { sdks } = await provideLanguages(["sdks"], { log });
    const schema = readFileSync(join(REPOSITORY, "plugin/schema.json"), "utf8");
    const broken = join(folder, "schema.json");
    writeFileSync(broken, schema.replace('"#/types/utho:index:OnReplace"', '"#/types/utho:index:Missing"'));
    const refused = () => execFileSync(join(sdks, "sdks"), [broken, folder], { stdio: "pipe" });
    expect(refused).toThrow(/OnReplace|utho:index:Missing/);
  });
});
