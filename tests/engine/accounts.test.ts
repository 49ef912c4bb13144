import { afterEach, beforeEach, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { DOOR } from "../support/doors";
import { Stack, type StateResource, well } from "../support/stack";

let ours: Simulator;
let theirs: Simulator;
let stack: Stack;

beforeEach(async () => {
  ours = await startSimulator({ servers: [{ cloudId: "1001", hostname: "ours" }], token: "token-of-ours" });
  theirs = await startSimulator({
    servers: [{ cloudId: "2001", hostname: "theirs" }],
    token: "token-of-theirs",
  });
  stack = await Stack.create({ program: "", simulator: ours, config: { "utho:maxRetries": "1" } });
});
afterEach(async () => {
  stack.dispose();
  await ours.close();
  await theirs.close();
});

async function providers(): Promise<StateResource[]> {
  const { deployment } = await stack.export();
  return (deployment.resources ?? []).filter(({ type }) =>
    /^pulumi:providers:(pulumi-nodejs|utho)$/.test(type),
  );
}

const declared = (token: string) => `
  const customer = new utho.Provider("customer", { token: "${token}", endpoint: "${theirs.url}" });
`;

const component = `
  class Backup extends pulumi.ComponentResource {
    constructor(name, cloudId, opts) {
      super("tests:index:Backup", name, {}, opts);
      this.snapshot = new utho.Snapshot("web", { cloudId: cloudId(this) }, { parent: this });
    }
  }
`;

const withLookups = () => `
  ${declared("token-of-theirs")}
  ${component}
  module.exports = async () => {
    const byParent = (parent) => utho.getServerOutput({ name: "theirs" }, { parent }).cloudId;
    const kept = new Backup("kept", byParent, { providers: [customer] });
    const own = new utho.Snapshot("own", { cloudId: "1001" });
    const { servers } = await utho.getServers({}, { provider: customer });
    return {
      ids: [kept.snapshot.id, own.id],
      theirs: servers.map(({ hostname }) => hostname),
      ours: utho.getServersOutput().servers.apply((all) => all.map(({ hostname }) => hostname)),
      waited: utho.getSnapshotsOutput({}, { provider: customer, dependsOn: [kept] }).snapshots.length,
    };
  };
`;

const resourcesAlone = (token: string) => `
  ${declared(token)}
  ${component}
  new Backup("kept", () => "2001", { providers: [customer] });
  new utho.Snapshot("own", { cloudId: "1001" });
`;

it("two accounts in one program: each resource and look-up goes to its own, and a new token replaces nothing", async () => {
  stack.setProgram(withLookups());
  await well(stack.preview());
  await well(stack.up());
  const made = [...theirs.cloud.snapshots(), ...ours.cloud.snapshots()];
  expect(await stack.outputs()).toEqual({
    ids: made.map(({ cloudId, id }) => `${cloudId}/${id}`),
    theirs: ["theirs"],
    ours: ["ours"],
    waited: 1,
  });
  expect(made.map(({ cloudId }) => cloudId)).toEqual(["2001", "1001"]);

  const explicit = (await providers()).find(({ urn }) => urn.endsWith("::customer"));
  // Beside the classes, the settings of the stack are no inputs of a provider.
  const settings = { "utho:pollInterval": "50ms", "utho:listingLag": "500ms", "utho:maxRetries": "1" };
  const prefix = DOOR === "plugin" ? "" : "utho:";
  expect(explicit?.inputs).toEqual({
    [`${prefix}token`]: expect.objectContaining({ ciphertext: expect.any(String) }),
    [`${prefix}endpoint`]: theirs.url,
    ...(DOOR === "plugin" ? {} : settings),
  });
  expect(stack.stateText()).not.toContain("token-of-theirs");

  stack.setProgram(resourcesAlone("token-mistyped"));
  const mistyped = await well(stack.up());
  expect(mistyped).toMatch(/~ 1 updated\n\s+4 unchanged/);
  const refused = await stack.drift();
  expect(refused.code).not.toBe(0);
  expect(refused.output).toContain("UTHO_AUTH");
  expect(refused.output).not.toMatch(/token-(mistyped|of-)/);

  stack.setProgram(resourcesAlone("token-of-theirs"));
  expect(await well(stack.up())).toMatch(/~ 1 updated\n\s+4 unchanged/);
  await well(stack.drift());

  // What a program no longer declares is deleted by the account that it belongs to.
  stack.setProgram('new utho.Snapshot("own", { cloudId: "1001" });');
  await well(stack.up());
  expect(theirs.cloud.snapshots()).toEqual([]);
  expect(ours.cloud.snapshots()).toHaveLength(1);
  expect((await providers()).map(({ urn }) => urn)).toEqual([expect.stringMatching(/::default$/)]);
});

it("a resource that changes from one provider to another stays as it is, and destroy needs no program", async () => {
  const own = "utho.Provider('own', { token: 'token-of-ours', timeZone: 'UTC' })";
  stack.setProgram('new utho.Snapshot("own", { cloudId: "1001" });');
  await well(stack.up());
  stack.setProgram(`new utho.Snapshot("own", { cloudId: "1001" }, { provider: new ${own} });`);
  expect(await well(stack.up())).toMatch(/\+ 1 created\n\s+2 unchanged/);
  expect(ours.requests.count("snapshot.create")).toBe(1);
  await well(stack.drift());
  stack.setProgram("throw new Error('not run');");
  await well(stack.destroy());
  expect(ours.cloud.snapshots()).toEqual([]);
});

it("a preview that does not know the token yet says so where it matters, and knows no answers", async () => {
  const program = (look: string) => `
    const first = new utho.Snapshot("first", { cloudId: "1001" });
    const token = first.id.apply(() => "token-of-theirs");
    const provider = new utho.Provider("late", { token, endpoint: "${theirs.url}" });
    const { cloudId } = utho.getServerOutput({ name: "theirs" }, { provider });
    new utho.Snapshot("web", { cloudId }, { provider });
    ${look}
  `;
  // The engine itself answers nothing in the plugin's place.
  if (DOOR === "dynamic") {
    stack.setProgram(program("module.exports = () => utho.getServers({}, { provider });"));
    const plain = await stack.preview();
    expect(plain.code).not.toBe(0);
    expect(plain.output).toContain("UTHO_LOOKUP_PROVIDER");
    expect(plain.output).toContain("use getServersOutput");
  }
  stack.setProgram(program(""));
  await well(stack.preview());
  await well(stack.up());
  expect(theirs.cloud.snapshots()).toHaveLength(1);
});
