import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { type Language, speak } from "../../support/languages";
import { Stack, well } from "../../support/stack";

/** What differs in a program from one step of its life to the next. */
interface Scene {
  version: string;
  daily: number;
  /** Id of a snapshot that the program imports. */
  imported?: string;
}

const PROGRAMS: Record<Language, (scene: Scene) => string> = {
  yaml: ({ version, daily, imported }) => `
variables:
  web:
    fn::utho:getServer:
      name: web-1
resources:
  before:
    type: utho:Snapshot
    properties: { cloudId: "\${web.cloudId}", triggers: ["${version}"] }
  nightly:
    type: utho:SnapshotRotation
    properties: { cloudId: "1002", every: 24h, keep: { daily: ${daily} } }
${imported === undefined ? "" : `  old: { type: "utho:Snapshot", properties: { cloudId: "1001" }, options: { import: "${imported}" } }`}
outputs:
  id: \${before.id}
  next: \${nightly.nextDue}
`,
  python: ({ version, daily, imported }) => `
import pulumi
import pulumi_utho_snapshots as utho

web = utho.get_server(name="web-1")
before = utho.Snapshot("before", cloud_id=web.cloud_id, triggers=["${version}"])
nightly = utho.SnapshotRotation("nightly", cloud_id="1002", every="24h", keep={"daily": ${daily}})
${imported === undefined ? "" : `utho.Snapshot("old", cloud_id="1001", opts=pulumi.ResourceOptions(import_="${imported}"))`}
pulumi.export("id", before.id)
pulumi.export("next", nightly.next_due)
`,
  nodejs: ({ version, daily, imported }) => `
const utho = require("./sdks/nodejs/bin");
module.exports = async () => {
  const web = await utho.getServer({ name: "web-1" });
  const before = new utho.Snapshot("before", { cloudId: web.cloudId, triggers: ["${version}"] });
  const nightly = new utho.SnapshotRotation("nightly", { cloudId: "1002", every: "24h", keep: { daily: ${daily} } });
  ${imported === undefined ? "" : `new utho.Snapshot("old", { cloudId: "1001" }, { import: "${imported}" });`}
  return { id: before.id, next: nightly.nextDue };
};
`,
  go: ({ version, daily, imported }) => `package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"pulumi-utho.invalid/sdk/go/utho"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		name := "web-1"
		web, err := utho.GetServer(ctx, &utho.GetServerArgs{Name: &name})
		if err != nil {
			return err
		}
		before, err := utho.NewSnapshot(ctx, "before", &utho.SnapshotArgs{
			CloudId:  pulumi.String(web.CloudId),
			Triggers: pulumi.Any([]string{"${version}"}),
		})
		if err != nil {
			return err
		}
		nightly, err := utho.NewSnapshotRotation(ctx, "nightly", &utho.SnapshotRotationArgs{
			CloudId: pulumi.String("1002"),
			Every:   pulumi.String("24h"),
			Keep:    &utho.SnapshotRotationKeepArgs{Daily: pulumi.Int(${daily})},
		})
		if err != nil {
			return err
		}
${imported === undefined ? "" : `		if _, err := utho.NewSnapshot(ctx, "old", &utho.SnapshotArgs{CloudId: pulumi.String("1001")}, pulumi.Import(pulumi.ID("${imported}"))); err != nil {\n\t\t\treturn err\n\t\t}`}
		ctx.Export("id", before.ID())
		ctx.Export("next", nightly.NextDue)
		return nil
	})
}
`,
};

let simulator: Simulator;
let stack: Stack;

beforeEach(async () => {
  simulator = await startSimulator({ settings: { snapshotDurationMs: 50 } });
  stack = await Stack.create({ program: "", simulator });
});
afterEach(async () => {
  stack.dispose();
  await simulator.close();
});

const idsOf = (cloudId: string): string[] =>
  simulator.cloud.snapshots().flatMap((one) => (one.cloudId === cloudId ? [`${cloudId}/${one.id}`] : []));
const writes = (): number => simulator.requests.all().filter(({ method }) => method !== "GET").length;

/** Cold, the language host is compiled first. */
describe("a program with a generated SDK, or none", { timeout: 1_500_000 }, () => {
  it.each<Language>(["yaml", "python", "go", "nodejs"])("in %s lives a whole life", async (language) => {
    const write = await speak(stack, language);
    const program = (scene: Partial<Scene>) =>
      write(PROGRAMS[language]({ version: "v1", daily: 7, ...scene }));
    program({});
    await well(stack.up());
    const [first = ""] = idsOf("1001");
    expect(await stack.outputs()).toEqual({ id: first, next: expect.stringMatching(/T00:00:00Z$/) });
    const made = writes();
    expect(await well(stack.up())).toContain("3 unchanged");
    expect(writes()).toBe(made);

    const [, number = ""] = first.split("/");
    const { name } = simulator.cloud.snapshot(number);
    simulator.cloud.renameSnapshot(number, "renamed");
    expect((await stack.drift()).code).toBe(7);
    simulator.cloud.renameSnapshot(number, name);
    await well(stack.drift());

    program({ daily: 3 });
    expect(await well(stack.up())).toContain("1 updated");
    program({ daily: 3, version: "v2" });
    expect(await well(stack.up())).toContain("1 replaced");
    const [second = "", ...others] = idsOf("1001");
    expect([second === first, others]).toEqual([false, []]);

    const old = simulator.cloud.addSnapshot({ cloudId: "1001", name: "old" });
    const before = writes();
    program({ daily: 3, version: "v2", imported: `1001/${old.id}` });
    expect(await well(stack.up())).toContain("1 imported");
    expect(await well(stack.up())).toContain("4 unchanged");
    expect([writes(), idsOf("1001")]).toEqual([before, [second, `1001/${old.id}`]]);

    await well(stack.destroy());
    expect(idsOf("1001")).toEqual([]);
    // A rotation leaves its snapshots, unless it is asked to delete them.
    expect(idsOf("1002")).toHaveLength(1);
  });
});
