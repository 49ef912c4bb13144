import { afterEach, beforeEach, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../simulator";
import { Stack, well } from "../../support/stack";

let ours: Simulator;
let theirs: Simulator;
let stack: Stack;

const ofClasses = () => `
const customer = new utho.Provider("customer", { token: "token-of-theirs", endpoint: "${theirs.url}" });
new utho.Snapshot("kept", { cloudId: "1001" }, { provider: customer });
new utho.Snapshot("own", { cloudId: "1001" });
`;
const ofPlugin = () => `
// Without an SDK of ours nothing marks it as a secret but the plugin.
const token = "token-of-theirs";
const customer = new pulumi.ProviderResource("utho", "customer", { token, endpoint: "${theirs.url}" });
const aliases = [{ type: "pulumi-nodejs:dynamic/utho:Snapshot" }];
new pulumi.CustomResource("utho:index:Snapshot", "kept", { cloudId: "1001" }, { provider: customer, aliases });
new pulumi.CustomResource("utho:index:Snapshot", "own", { cloudId: "1001" }, { aliases });
`;

beforeEach(async () => {
  ours = await startSimulator({ token: "token-of-ours", settings: { snapshotDurationMs: 100 } });
  theirs = await startSimulator({ token: "token-of-theirs", settings: { snapshotDurationMs: 100 } });
  stack = await Stack.create({ program: ofClasses(), simulator: ours, plugin: true });
});
afterEach(async () => {
  stack.dispose();
  await Promise.all([ours.close(), theirs.close()]);
});

const writes = () =>
  [ours, theirs].flatMap(({ requests }) => requests.all()).filter(({ method }) => method !== "GET").length;

it("each resource of the plugin goes to its own account, moved ones too, and with the stack's token of today", async () => {
  await well(stack.up());
  const made = writes();
  expect([ours, theirs].map(({ cloud }) => cloud.snapshots().length)).toEqual([1, 1]);

  stack.setProgram(ofPlugin());
  expect(await well(stack.up())).not.toMatch(/replaced|updated/);
  await well(stack.drift());
  expect(writes()).toBe(made);
  expect(stack.stateText()).not.toMatch(/token-of-/);

  // The provider's entry holds the good token still.
  await well(stack.run(["config", "set", "--secret", "utho:token", "token-mistyped"]));
  const refused = await stack.drift();
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain("UTHO_AUTH");
  expect(refused.output).not.toMatch(/token-(mistyped|of-)/);

  await well(stack.run(["config", "set", "--secret", "utho:token", "token-of-ours"]));
  await well(stack.destroy());
  expect([ours, theirs].map(({ cloud }) => cloud.snapshots().length)).toEqual([0, 0]);
});
