import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { DOOR } from "../support/doors";
import { Stack } from "../support/stack";

/** How often a text occurs. */
function times(text: string, part: string): number {
  return text.split(part).length - 1;
}

/** A failure is shown whole and once: its code, what was attempted and on what, what to do next, where to read more. */
function expectStory(output: string, code: string, attempted: string, next: RegExp): void {
  const stories = output.split(/^(?=.*UTHO_[A-Z_]+: .+\n\s+Attempted: )/m).slice(1);
  const [story, ...more] = stories.filter((one) => one.includes(`${code}: `) && one.includes(attempted));
  expect(more, output).toEqual([]);
  expect(story, output).toMatch(/ {2}Attempted: .+\n.+ {2}Because: .+\n(.+Utho said: .+\n)?.+ {2}Kept: .+\n/);
  expect(story, output).toMatch(next);
  expect(story, output).toContain(`docs/errors.md#${code.toLowerCase()}`);
}

/** A refusal of `check`: one line, which the engine prints in its progress and in its summary. */
function expectRefusal(output: string, code: string, says: string): void {
  const lines = output.split("\n").filter((line) => line.includes(`${code}: `) && line.includes(says));
  expect(lines.length, output).toBeGreaterThanOrEqual(1);
  expect(lines.length, output).toBeLessThanOrEqual(2);
  for (const line of lines) expect(line).toMatch(new RegExp(`See \\S*docs/errors.md#${code.toLowerCase()}`));
}

function expectNoStack(output: string): void {
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
}

describe("bad input", () => {
  let simulator: Simulator;
  let stack: Stack;

  // One stack for all, since nothing is ever made: each further one would cost two commands.
  beforeAll(async () => {
    simulator = await startSimulator();
    stack = await Stack.create({ program: "", simulator, config: { "utho:maxRetries": "0" } });
  });

  beforeEach(() => simulator.requests.clear());

  afterEach(() => {
    expect(simulator.requests.count("snapshot.create"), "snapshots asked for").toBe(0);
    expect(simulator.requests.count("snapshot.delete"), "snapshots deleted").toBe(0);
    simulator.faults.clear();
  });

  afterAll(async () => {
    stack.dispose();
    await simulator.close();
  });

  /** The output of a preview that must fail without a single request. */
  async function refusedPreview(program: string, ...options: string[]): Promise<string> {
    stack.setProgram(program);
    const preview = await stack.preview(...options);
    expect(preview.code, preview.output).not.toBe(0);
    expect(simulator.requests.count()).toBe(0);
    expectNoStack(preview.output);
    return preview.output;
  }

  it("in a program is refused in preview, all of a resource's faults at once", async () => {
    const output = await refusedPreview(
      'new utho.Snapshot("web", { cloudId: "web-1", name: "  ", adoptId: "1001/9001", powerOff: "yes" });',
    );
    expectRefusal(output, "UTHO_INPUT_CLOUD_ID", '"web-1" is not the id of a server');
    expectRefusal(output, "UTHO_INPUT_NAME", "the name is blank");
    expectRefusal(output, "UTHO_INPUT_ADOPT_ID", "without the server's id");
    expectRefusal(output, "UTHO_INPUT_TYPE", "powerOff must be true or false");
  });

  it("is refused for an empty server id and an over-long name", async () => {
    const output = await refusedPreview('new utho.Snapshot("web", { cloudId: "", name: "x".repeat(256) });');
    expectRefusal(output, "UTHO_INPUT_CLOUD_ID", "cloudId is empty");
    expectRefusal(output, "UTHO_INPUT_NAME", "256 characters; at most 255");
  });

  it("is refused for a missing server id and a name with a line break", async () => {
    const output = await refusedPreview('new utho.Snapshot("web", { name: "a\\nb" });');
    expectRefusal(output, "UTHO_INPUT_CLOUD_ID", "cloudId is empty");
    expectRefusal(output, "UTHO_INPUT_NAME", "control characters");
  });

  // Beside the classes, the engine reads timeouts itself.
  it("is refused when a timeout is no duration, by the program itself", async () => {
    if (DOOR === "plugin") return;
    const output = await refusedPreview(`
      const declare = (key, value) => new utho.Snapshot(key, { cloudId: "1001" }, { customTimeouts: { [key]: value } });
      for (const [key, value] of [["create", "5 minuts"], ["delete", "-1s"]]) {
        try { declare(key, value); } catch (error) { pulumi.log.warn(error.message); }
      }
      declare("update", "soon");
    `);
    expectStory(output, "UTHO_INPUT_TIMEOUT", 'declare the resource "create"', /"45m" or "1h30m"/);
    expectStory(output, "UTHO_INPUT_TIMEOUT", 'declare the resource "delete"', /"45m" or "1h30m"/);
    expectStory(output, "UTHO_INPUT_TIMEOUT", 'declare the resource "update"', /"45m" or "1h30m"/);
    expect(output).toContain('customTimeouts.create is "5 minuts"');
    expect(times(output, "Attempted: ")).toBe(3);
  });

  it.each([
    ["utho.com", "is not a URL"],
    ["http://api.utho.com/v2", "would send the token unencrypted to api.utho.com"],
  ])("is refused when the endpoint is %s", async (endpoint, because) => {
    const program = 'new utho.Snapshot("web", { cloudId: "1001" }); utho.getServers().catch(() => {});';
    const output = await refusedPreview(program, "--config", `utho:endpoint=${endpoint}`);
    expectStory(output, "UTHO_CONFIG_INVALID", "utho:endpoint", /pulumi config set utho:endpoint/);
    expect(output).toContain(because);
    expect(times(output, "Attempted: ")).toBe(1);
  });

  it("is refused when a resource is created: servers, adopted ids and names that cannot be", async () => {
    const theirs = simulator.cloud.addSnapshot({ cloudId: "1002", name: "theirs" });
    const taken = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden" });
    stack.setProgram(`
      new utho.Snapshot("nowhere", { cloudId: "4711" });
      new utho.Snapshot("theirs", { cloudId: "1001", adoptId: "${theirs.id}" });
      new utho.Snapshot("gone", { cloudId: "1001", adoptId: "999999" });
      new utho.Snapshot("taken", { cloudId: "1001", name: "golden" });
    `);
    const up = await stack.up("--continue-on-error", "--config", `utho:endpoint=${simulator.url}`);
    expect(up.code, up.output).not.toBe(0);
    expectStory(up.output, "UTHO_SERVER_NOT_FOUND", "of server 4711", /getServers\(\)/);
    expectStory(
      up.output,
      "UTHO_SNAPSHOT_FOREIGN",
      `take over snapshot 1001/${theirs.id}`,
      /cloudId: "1002"/,
    );
    expectStory(up.output, "UTHO_SNAPSHOT_NOT_FOUND", "take over snapshot 1001/999999", /getSnapshots\(/);
    const adopt = new RegExp(`adoptId: "${taken.id}"`);
    expectStory(up.output, "UTHO_SNAPSHOT_NAME_TAKEN", 'take snapshot "golden" of server 1001', adopt);
    expect(times(up.output, "Attempted: ")).toBe(4);
    expectNoStack(up.output);
    expect(simulator.cloud.snapshots().map(({ id }) => id)).toEqual([theirs.id, taken.id]);
    expect(simulator.requests.all().every(({ method }) => method === "GET")).toBe(true);
    expect(await stack.snapshots()).toEqual([]);
  });

  it("is refused when an existing snapshot is read by an invalid id, or by an unknown one", async () => {
    stack.setProgram('utho.Snapshot.get("bad", "9001");');
    const bad = await stack.preview();
    expect(bad.code, bad.output).not.toBe(0);
    expectStory(bad.output, "UTHO_ID_FORMAT", 'read the snapshot id "9001"', /"1001\/9001"/);
    expect(times(bad.output, "Attempted: ")).toBe(1);
    expectNoStack(bad.output);
    expect(simulator.requests.count()).toBe(0);

    stack.setProgram('utho.Snapshot.get("none", "1001/4242");');
    const none = await stack.preview();
    expect(none.code, none.output).not.toBe(0);
    expectStory(none.output, "UTHO_SNAPSHOT_NOT_FOUND", "read snapshot 1001/4242", /getSnapshots\(/);
    expect(times(none.output, "Attempted: ")).toBe(1);
  });

  it("is refused when the API answers with a web page", async () => {
    simulator.faults.add({
      operation: "*",
      phase: "before",
      kind: { html: true, status: 200 },
      times: "always",
    });
    stack.setProgram('new utho.Snapshot("web", { cloudId: "1001" });');
    const up = await stack.up();
    expect(up.code, up.output).not.toBe(0);
    expectStory(up.output, "UTHO_UNEXPECTED_RESPONSE", "cloudId 1001", /Check the network and utho:endpoint/);
    expect(up.output).toContain("GET /cloud/1001, HTTP 200");
    expect(times(up.output, "Attempted: ")).toBe(1);
    expect(await stack.snapshots()).toEqual([]);
  });

  it("is refused with a token, and without one", async () => {
    stack.setProgram('new utho.Snapshot("web", { cloudId: "1001" });');
    const refused = await stack.up("--config", "utho:token=wrong");
    expect(refused.code, refused.output).not.toBe(0);
    expectStory(refused.output, "UTHO_AUTH", "cloudId 1001", /pulumi config set --secret utho:token/);
    expect(times(refused.output, "Attempted: ")).toBe(1);
    expect(simulator.requests.all().map(({ status }) => status)).toEqual([401]);

    simulator.requests.clear();
    const removed = await stack.run(["config", "rm", "utho:token"]);
    expect(removed.code, removed.output).toBe(0);
    const missing = await refusedPreview('new utho.Snapshot("web", { cloudId: "1001" });');
    expectStory(
      missing,
      "UTHO_TOKEN_MISSING",
      "talk to Utho's API",
      /set the environment variable UTHO_TOKEN/,
    );
    expect(missing).toContain("pulumi config set --secret utho:token");
    expect(times(missing, "Attempted: ")).toBe(1);
  });
});

describe("a failure about a snapshot that exists", () => {
  let simulator: Simulator;
  let stack: Stack;

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  it("is shown once by a refresh and by a destroy, and changes nothing", async () => {
    simulator = await startSimulator();
    const program = 'new utho.Snapshot("web", { cloudId: "1001" });';
    stack = await Stack.create({ program, simulator, config: { "utho:maxRetries": "0" } });
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const id = `1001/${simulator.cloud.snapshots()[0]?.id}`;
    simulator.faults.add({ operation: "*", phase: "before", kind: { status: 401 }, times: "always" });

    const drift = await stack.drift();
    expect(drift.code, drift.output).toBe(1);
    expectStory(drift.output, "UTHO_AUTH", `read ${id}`, /check the token/);
    expect(times(drift.output, "Attempted: ")).toBe(1);

    const destroy = await stack.destroy();
    expect(destroy.code, destroy.output).not.toBe(0);
    expectStory(destroy.output, "UTHO_AUTH", `delete ${id}`, /give the token/);
    expect(times(destroy.output, "Attempted: ")).toBe(1);
    expectNoStack(drift.output + destroy.output);
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    expect(await stack.snapshots()).toMatchObject([{ id }]);
  });

  it("comes within customTimeouts.create, keeps the id, and the next up goes on from there", async () => {
    simulator = await startSimulator({ settings: { snapshotOutcome: "never" } });
    const program = 'new utho.Snapshot("web", { cloudId: "1001" }, { customTimeouts: { create: "2s" } });';
    stack = await Stack.create({ program, simulator });
    const up = await stack.up();
    expect(up.code, up.output).not.toBe(0);
    const [snapshot] = simulator.cloud.snapshots();
    const id = `1001/${snapshot?.id}`;
    expectStory(
      up.output,
      "UTHO_SNAPSHOT_NOT_READY",
      `wait until snapshot ${id}`,
      /longer customTimeouts\.create/,
    );
    expect(up.output).toContain("within the timeout of 2s. Last seen: status Pending");
    expect(await stack.snapshots()).toMatchObject([{ id, outputs: { snapshotId: snapshot?.id } }]);

    simulator.cloud.completeSnapshot(snapshot?.id ?? "");
    const next = await stack.up();
    expect(next.code, next.output).toBe(0);
    expect(simulator.cloud.snapshots()).toMatchObject([{ id: snapshot?.id, status: "Active" }]);
    expect(simulator.requests.count("snapshot.create")).toBe(1);
    const [kept] = await stack.snapshots();
    expect(kept).toMatchObject({ id, outputs: { status: "Active" } });
    expect(kept?.initErrors ?? []).toEqual([]);
    expect((await stack.drift()).code).toBe(0);
  });
});
