import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { LocalWorkspace, PulumiCommand, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { configOf } from "../../testing";

/** Below the repository, so that the plugin finds the package as an installed one. */
const WORKSPACES = resolve(__dirname, "../../.cache/stacks");

let folder: string;
let first: Simulator;
let second: Simulator;

beforeAll(async () => {
  mkdirSync(WORKSPACES, { recursive: true });
  folder = mkdtempSync(join(WORKSPACES, "inline-"));
  first = await startSimulator({
    servers: [{ cloudId: "1001", hostname: "first" }],
    token: "token-of-first",
  });
  second = await startSimulator({
    servers: [{ cloudId: "2001", hostname: "second" }],
    token: "token-of-second",
  });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await first.close();
  await second.close();
});

/** What a service would run for each of its customers. */
const program: PulumiFn = async () => {
  // As the service has it installed; the sources of this test would be a second copy.
  const utho = await import("pulumi-utho");
  const { servers } = await utho.getServers();
  const snapshots = servers.map(({ hostname, cloudId }) => new utho.Snapshot(hostname, { cloudId }));
  const ids = snapshots.map(({ id }) => id);
  return { hostnames: servers.map(({ hostname }) => hostname), ids };
};

async function stackOf(stackName: string, simulator: Simulator, token = simulator.token): Promise<Stack> {
  const bin = process.env.PULUMI_UTHO_TEST_ENGINE ?? "";
  const stack = await LocalWorkspace.createStack(
    { projectName: "service", stackName, program },
    {
      workDir: folder,
      pulumiHome: join(folder, "home"),
      pulumiCommand: await PulumiCommand.get({ root: dirname(bin) }),
      envVars: {
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "test",
        PULUMI_SKIP_UPDATE_CHECK: "1",
      },
    },
  );
  await stack.setAllConfig({ ...configOf(simulator), "utho:token": { value: token, secret: true } });
  return stack;
}

async function up(stack: Stack): Promise<Record<string, unknown>> {
  const { outputs } = await stack.up();
  return Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));
}

it("two customers of one process: each sees and changes its own account, also at the same time", async () => {
  const own = await stackOf("first", first);
  const other = await stackOf("second", second, "token-of-first");
  expect(await up(own)).toEqual({ hostnames: ["first"], ids: ["1001/5001"] });

  // The second one has a wrong token: it must not be answered with what the first one was.
  await expect(other.up()).rejects.toThrow("UTHO_AUTH");
  expect(second.cloud.snapshots()).toEqual([]);

  await other.setConfig("utho:token", { value: "token-of-second", secret: true });
  const [again, corrected] = await Promise.all([up(own), up(other)]);
  expect(again).toEqual({ hostnames: ["first"], ids: ["1001/5001"] });
  expect(corrected).toEqual({ hostnames: ["second"], ids: ["2001/5001"] });
  expect(first.requests.count("snapshot.create")).toBe(1);
  expect(second.requests.count("snapshot.create")).toBe(1);
});
