import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { takeIntoState } from "../../../../cli/adopt/take";
import { undoAdoption } from "../../../../cli/adopt/undo";
import { StackAccess } from "../../../../cli/stack/access";
import { PulumiCli } from "../../../../cli/stack/pulumi-cli";
import { session } from "../../../support/terminal";

const urnOf = (name: string) => `urn:pulumi:dev::shop::utho:index:Snapshot::${name}`;
const stateOf = (names: readonly string[]) =>
  JSON.stringify({
    version: 3,
    deployment: {
      resources: names.map((name) => ({ urn: urnOf(name), type: "utho:index:Snapshot", id: name })),
    },
  });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "utho-take-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A `pulumi` with a state, of which an import takes what is given here and then fails. */
function pulumi(before: readonly string[], imported: readonly string[]): NodeJS.ProcessEnv {
  const state = join(folder, "state.json");
  writeFileSync(state, stateOf(before));
  writeFileSync(
    join(folder, "pulumi"),
    `#!${process.execPath}
const { readFileSync, writeFileSync } = require("node:fs");
const [first, second] = process.argv.slice(2);
if (first === "stack" && second === "export") process.stdout.write(readFileSync("${state}", "utf8"));
else if (first === "stack" && second === "import") writeFileSync("${state}", readFileSync(0, "utf8"));
else {
  writeFileSync("${state}", ${JSON.stringify(stateOf([...before, ...imported]))});
  process.stderr.write("error: the plugin said no");
  process.exitCode = 255;
}`,
  );
  chmodSync(join(folder, "pulumi"), 0o755);
  return { PATH: folder, PULUMI_HOME: join(folder, "home") };
}

async function take(env: NodeJS.ProcessEnv, names: readonly string[]): Promise<string> {
  const { terminal } = session({ env });
  const stack = new StackAccess(new PulumiCli(folder, terminal), "dev");
  const adoptions = names.map((name) => ({
    logicalName: name,
    urn: urnOf(name),
    id: `1001/${name}`,
    args: { cloudId: "1001" },
    inputs: {},
    outputs: { name, cloudId: "1001", snapshotId: "7001", status: "Active" },
    registered: [],
    accountId: undefined,
  }));
  const error: unknown = await takeIntoState({
    adoptions,
    state: await stack.export(),
    scaffold: { stackUrn: "", provider: "", added: [] },
    stack,
    qualified: "organization/shop/dev",
    flags: { out: undefined, protect: true, folder },
    door: "plugin",
    program: "",
    terminal,
  }).catch((reason: unknown) => reason);
  return error instanceof Error ? error.message : "";
}

it("says which snapshots an import that failed has taken, and undoes it", async () => {
  const env = pulumi(["own"], ["one"]);
  expect(await take(env, ["one", "two"])).toMatch(
    /UTHO_ADOPT_CHANGED[\s\S]*1001\/two could not be imported, and the others were[\s\S]*the plugin said no/,
  );
  const backups = join(folder, "home/pulumi-utho/adoptions");
  const [backup = ""] = readdirSync(backups);
  await undoAdoption(join(backups, backup), { cwd: folder }, session({ env }).terminal);
  expect(readFileSync(join(folder, "state.json"), "utf8")).toBe(stateOf(["own"]));
});

it("gives Pulumi's own words for an import that has taken nothing", async () => {
  expect(await take(pulumi([], []), ["one"])).toMatch(/UTHO_STACK[\s\S]*the plugin said no/);
});
