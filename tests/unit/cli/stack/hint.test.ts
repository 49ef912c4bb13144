import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { PulumiCli } from "../../../../cli/stack/pulumi-cli";
import { pulumiStandIn } from "../../../support/pulumi-stand-in";
import { session } from "../../../support/terminal";

it("names the file that holds the environment where init nightly wrote one", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hint-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { terminal } = session({ env: { PATH: pulumiStandIn(folder, join(folder, "none")) } });
  const refused = () => new PulumiCli(folder, terminal).must("do something", ["refused"]).catch(String);
  expect(await refused()).not.toContain("nightly.env");
  writeFileSync(join(folder, "nightly.env"), "");
  expect(await refused()).toContain("set -a; . ./nightly.env; set +a");
});
