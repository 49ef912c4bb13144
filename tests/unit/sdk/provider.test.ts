import * as pulumi from "@pulumi/pulumi";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CONFIG_KEYS } from "../../../provider/config";
import * as utho from "../../../sdk";
import { fixtures, type UthoMocks, uthoMocks } from "../../../testing";
import { valueFrom } from "./recording-mocks";

let mocks: UthoMocks;

afterEach(async () => {
  pulumi.runtime.setAllConfig({});
  vi.unstubAllEnvs();
  await mocks.close();
});

/** What a Provider's plugin would be configured with. */
async function configured(args: utho.ProviderArgs, stack: Record<string, string> = {}) {
  mocks = await uthoMocks();
  pulumi.runtime.setAllConfig(stack);
  const outputs: Record<string, unknown> = {};
  await mocks.run(() => () => {
    const provider = new utho.Provider("customer", args);
    for (const key of Object.keys(CONFIG_KEYS)) outputs[key] = Reflect.get(provider, `utho:${key}`);
    return {};
  });
  const given = Object.entries(outputs).filter(([, output]) => output !== undefined);
  return Object.fromEntries(
    await Promise.all(given.map(async ([key, output]) => [key, await valueFrom(pulumi.output(output))])),
  );
}

describe("a Provider", () => {
  it("says what it is given, as texts, and otherwise what the stack says, but never the stack's token", async () => {
    const stack = {
      "utho:token": "token-of-stack",
      "utho:endpoint": "https://stack.example/v2",
      "utho:pollInterval": "9s",
      "utho:adoptWindow": "2h",
    };
    const token = pulumi.output(Promise.resolve("token-of-customer"));
    expect(await configured({ token, maxRetries: 0, pollInterval: "7s" }, stack)).toEqual({
      token: "token-of-customer",
      endpoint: "https://stack.example/v2",
      pollInterval: "7s",
      maxRetries: "0",
      takeoverWindow: "2h",
    });
  });

  it("keeps its token secret, and the stack's secrets too", async () => {
    mocks = await uthoMocks();
    pulumi.runtime.setAllConfig({ "utho:endpoint": "https://stack.example/v2", "utho:pollInterval": "9s" }, [
      "utho:endpoint",
    ]);
    let secrets: Promise<boolean[]> | undefined;
    await mocks.run(() => () => {
      const provider = new utho.Provider("customer", { token: "token-of-customer" });
      const outputs = ["token", "endpoint", "pollInterval"].map((key) =>
        Reflect.get(provider, `utho:${key}`),
      );
      secrets = Promise.all(outputs.map((output) => pulumi.isSecret(output)));
      return {};
    });
    expect(await secrets).toEqual([true, true, false]);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ["a blank token", { token: " " }, /UTHO_TOKEN_MISSING.*token.*of the Provider "customer"/s],
    ["no token", {}, /UTHO_TOKEN_MISSING/],
    ["a token with a line break", { token: "a\nb" }, /UTHO_CONFIG_INVALID/],
    ["a duration without a unit", { token: "t", pollInterval: "5" }, /UTHO_CONFIG_INVALID.*`pollInterval`/s],
    ["an invalid endpoint", { token: "t", endpoint: "utho" }, /UTHO_CONFIG_INVALID.*`endpoint`/s],
    ["too many retries", { token: "t", maxRetries: 21 }, /UTHO_CONFIG_INVALID.*`maxRetries`/s],
    [
      "a setting that there is not",
      { token: "t", endPoint: "https://x.example" },
      /UTHO_CONFIG_INVALID.*"endPoint" is not a known setting; did you mean "endpoint"\?/s,
    ],
    ["an output that is blank", { token: pulumi.output("") }, /UTHO_TOKEN_MISSING/],
  ])("is refused with %s, when it is declared or when it is used", async (_what, given, message) => {
    vi.stubEnv("UTHO_TOKEN", "token-of-environment");
    mocks = await uthoMocks({ config: { "utho:token": "token-of-stack" } });
    const args: utho.ProviderArgs = Object.assign({ token: "" }, given);
    const program = () => async () => {
      const provider = new utho.Provider("customer", args);
      return { servers: (await utho.getServers({}, { provider })).servers };
    };
    await expect(mocks.run(program)).rejects.toThrow(message);
  });
});

describe("a program with two accounts under uthoMocks", () => {
  const open = async () => {
    const customer = { servers: [{ cloudId: "2001", hostname: "theirs" }], snapshots: [] };
    mocks = await uthoMocks({ ...fixtures.twoServers, accounts: { customer } });
  };

  it("has each resource and look-up answered by its own", async () => {
    await open();
    class Backup extends pulumi.ComponentResource {
      readonly id: pulumi.Output<string>;
      constructor(name: string, opts: pulumi.ComponentResourceOptions) {
        super("tests:index:Backup", name, {}, opts);
        const { cloudId } = utho.getServerOutput({ name: "theirs" }, { parent: this });
        this.id = new utho.Snapshot(name, { cloudId }, { parent: this }).id;
      }
    }
    const outputs = await mocks.run(() => async () => {
      const provider = new utho.Provider("customer", { token: "token-of-customer" });
      const backup = new Backup("backup", { providers: [provider] });
      const { servers } = await utho.getServers({}, { provider });
      const waited = utho.getSnapshotsOutput({}, { provider, dependsOn: [backup] });
      return {
        theirs: servers.map(({ hostname }) => hostname),
        ours: (await utho.getServers()).servers.length,
        id: backup.id,
        waited: waited.snapshots.apply((all) => all.length),
        secret: await pulumi.isSecret(waited),
      };
    });
    expect(outputs).toEqual({ theirs: ["theirs"], ours: 2, id: "2001/5001", waited: 1, secret: false });
    expect(mocks.accounts.customer?.cloud.snapshots()).toHaveLength(1);
    expect(mocks.simulator.cloud.snapshots()).toEqual([]);
  });

  it("is answered from the one account when no other is given", async () => {
    mocks = await uthoMocks(fixtures.twoServers);
    const outputs = await mocks.run(() => () => {
      const provider = new utho.Provider("customer", { token: "token-of-customer" });
      return { id: new utho.Snapshot("web", { cloudId: "1001" }, { provider }).id };
    });
    expect(outputs).toEqual({ id: "1001/5001" });
  });

  it("knows no answer in a preview that does not know the token, and says so in the plain form", async () => {
    await open();
    const late = () => {
      const token = new utho.Snapshot("first", { cloudId: "1001" }).id.apply(() => "token-of-customer");
      return new utho.Provider("customer", { token });
    };
    const output = () => () => ({ servers: utho.getServersOutput({}, { provider: late() }) });
    expect(await mocks.run(output, { preview: true })).toEqual({ servers: undefined });
    const plain = () => () => utho.getServers({}, { provider: late() });
    await expect(mocks.run(plain, { preview: true })).rejects.toThrow(
      /UTHO_LOOKUP_PROVIDER.*use getServersOutput/s,
    );
  });

  it("waits for all that a component in dependsOn has declared", async () => {
    await open();
    const program = () => () => {
      const group = new pulumi.ComponentResource("tests:index:Group", "group");
      const inner = new pulumi.ComponentResource("tests:index:Group", "inner", {}, { parent: group });
      new utho.Snapshot("web", { cloudId: "1001" }, { parent: inner });
      const found = utho.getSnapshotsOutput({ cloudId: "1001" }, { dependsOn: group });
      return { count: found.snapshots.apply((all) => all.length) };
    };
    expect(await mocks.run(program)).toEqual({ count: 1 });
    expect(await mocks.run(program, { preview: true })).toEqual({ count: undefined });
  });

  it("refuses a provider of another package in a look-up", async () => {
    await open();
    class Other extends pulumi.ProviderResource {
      constructor() {
        super("aws", "other");
      }
    }
    const program = () => () => utho.getServers({}, { provider: new Other() });
    await expect(mocks.run(program)).rejects.toThrow(/UTHO_LOOKUP_PROVIDER.*not one of pulumi-utho/s);
  });
});
