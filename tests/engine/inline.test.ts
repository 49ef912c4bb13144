import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { afterEach, describe, expect, it, vi } from "vitest";
import * as utho from "../../sdk";
import { type Simulator, startSimulator } from "../../simulator";

/** Below the repository, so that the plugin finds the package. */
const WORKSPACES = resolve(__dirname, "../../.cache/stacks");

class Backups extends pulumi.ComponentResource {
  readonly web: utho.Snapshot;
  readonly db: utho.Snapshot;

  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("shop:index:Backups", name, {}, opts);
    this.web = new utho.Snapshot(`${name}-web`, { cloudId: "1001" }, { parent: this });
    this.db = new utho.Snapshot(`${name}-db`, { cloudId: "1002", triggers: [this.web.id] }, { parent: this });
  }
}

describe("components in an inline program of the Automation API", () => {
  let simulator: Simulator;
  let folder: string;

  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
    await simulator.close();
  });

  it("are made and destroyed, and the program ends", async () => {
    simulator = await startSimulator();
    mkdirSync(WORKSPACES, { recursive: true });
    folder = mkdtempSync(join(WORKSPACES, "inline-"));
    vi.stubEnv("PATH", `${process.env.PULUMI_UTHO_TEST_ENGINE}${delimiter}${process.env.PATH}`);
    mkdirSync(join(folder, "state"));
    const program = async () => {
      const backups = new Backups("shop");
      const after = new utho.Snapshot("after", { cloudId: "1001" }, { dependsOn: backups });
      return { ids: [backups.web.id, backups.db.id, after.id] };
    };
    const stack = await LocalWorkspace.createStack(
      { stackName: "dev", projectName: "inline", program },
      {
        workDir: folder,
        envVars: {
          PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
          PULUMI_HOME: join(folder, "home"),
          PULUMI_CONFIG_PASSPHRASE: "test",
          PULUMI_SKIP_UPDATE_CHECK: "1",
        },
      },
    );
    await stack.setAllConfig({
      "utho:token": { value: simulator.token, secret: true },
      "utho:endpoint": { value: simulator.url },
      "utho:pollInterval": { value: "50ms" },
      "utho:listingLag": { value: "500ms" },
    });
    const { outputs } = await stack.up();
    expect(outputs.ids?.value).toHaveLength(3);
    const made = simulator.cloud.snapshots().map(({ cloudId, id }) => `${cloudId}/${id}`);
    expect(new Set(outputs.ids?.value)).toEqual(new Set(made));
    await stack.destroy();
    expect(simulator.cloud.snapshots()).toEqual([]);
  });
});
