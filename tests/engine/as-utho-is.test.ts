import { afterEach, describe, expect, it } from "vitest";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../simulator";
import { Stack, well } from "../support/stack";

/** What public records show of the live API, on the real engine; what each is worth is in docs/utho-api.md. */
describe("Utho as it really is", () => {
  let simulator: Simulator;
  let stack: Stack;
  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  /** The token stands in the environment, since a refresh goes by the configuration of the last `up`. */
  async function begin(program: string, options: SimulatorOptions, config: Record<string, string> = {}) {
    simulator = await startSimulator(options);
    const env = { UTHO_TOKEN: simulator.token };
    stack = await Stack.create({ program, simulator, env, config: { ...config, "utho:token": undefined } });
  }

  it("asks for a restore once, however long the answer takes, and a power-off that a hang-up would undo too", async () => {
    const held = { forMs: 3_000, effect: "withAnswer", hangUp: "undoes" } as const;
    await begin(
      "",
      { settings: { slowAnswers: { "snapshot.restore": held, "server.poweroff": held } } },
      {
        "utho:requestTimeout": "1s",
      },
    );
    const { id } = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" });
    stack.setProgram(`new utho.SnapshotRestore("undo", { snapshot: "1001/${id}" });
      new utho.Snapshot("consistent", { cloudId: "1002", powerOff: true });`);
    await well(stack.up());
    expect(simulator.requests.counts()).toMatchObject({ "snapshot.restore": 1, "server.poweroff": 1 });
    expect(simulator.cloud.operations("1001").filter(({ kind }) => kind === "restore")).toHaveLength(1);
    expect(simulator.cloud.server("1002").powerState).toBe("Running");
    expect(simulator.cloud.snapshots("1002")).toHaveLength(1);
  });

  it("makes one snapshot when a creation goes on after a hang-up, without a listing of the account", async () => {
    await begin(
      'new utho.Snapshot("web", { cloudId: "1001" });',
      {
        settings: {
          absentCalls: { "snapshot.listByDeploy": "http401", "snapshot.list": "empty200" },
          slowAnswers: { "snapshot.create": { forMs: null, effect: "withAnswer", hangUp: "goesOn" } },
        },
      },
      { "utho:writeTimeout": "1s" },
    );
    await well(stack.up());
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    expect(simulator.requests.count("snapshot.create")).toBe(1);
    await well(stack.drift());
  });

  it("lets a clone start by itself, and destroys it under the confirmation that Utho wants", async () => {
    await begin("", { settings: { imagingDurationMs: 2_000, destroyConfirmation: "hostname" } });
    const { id } = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" });
    stack.setProgram(
      `new utho.ServerClone("copy", { snapshot: "1001/${id}", hostname: "copy", planId: "10045" });`,
    );
    await well(stack.up());
    expect(simulator.requests.count("server.poweron")).toBe(0);
    expect(simulator.cloud.servers()).toHaveLength(3);
    await well(stack.run(["destroy", "--yes", "--skip-preview"]));
    expect(simulator.cloud.servers().map(({ cloudId }) => cloudId)).toEqual(["1001", "1002"]);
  });

  it("believes nothing gone by the token of another account, and keeps to the requests that it may make", async () => {
    const servers = Array.from({ length: 8 }, (_, index) => ({
      cloudId: String(1001 + index),
      hostname: `server-${index}`,
    }));
    await begin(
      'for (let id = 1001; id < 1009; id += 1) new utho.Snapshot("of-" + id, { cloudId: String(id) });',
      {
        servers,
        accounts: [{ token: "token-of-another" }],
        settings: { rateLimit: { requests: 6, windowMs: 1_000, retryAfter: true } },
      },
      { "utho:pollInterval": "500ms" },
    );
    await well(stack.up());
    expect(simulator.cloud.snapshots()).toHaveLength(8);
    expect(simulator.requests.all().some(({ status }) => status === 429)).toBe(true);
    const known = await stack.snapshots();
    simulator.cloud.setSettings({ rateLimit: null });
    stack.env.UTHO_TOKEN = "token-of-another";
    for (const command of [["refresh"], ["up", "--refresh"], ["destroy"]]) {
      const { code, output } = await stack.run([...command, "--yes", "--skip-preview"]);
      expect(code, output).not.toBe(0);
      expect(output).toContain("UTHO_OTHER_ACCOUNT");
      expect((await stack.snapshots()).map(({ id }) => id).sort()).toEqual(known.map(({ id }) => id).sort());
    }
    stack.env.UTHO_TOKEN = simulator.token;
    await well(stack.up("--refresh", "--expect-no-changes"));
    expect(simulator.cloud.snapshots()).toHaveLength(8);
  });
});
