import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CloneLifecycle } from "../../../provider/clone/lifecycle";
import { UNKNOWN } from "../../../provider/engine/values";
import { PartialFailure, ProviderFailure } from "../../../provider/failure";
import type { ProviderRuntime } from "../../../provider/utho/runtime";
import { type FaultKind, type Simulator, type SimulatorSettings, startSimulator } from "../../../simulator";
import { type Rig, rigFor } from "./lifecycle-rig";

const resourceUrn = "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:ServerClone::copy";
const lifecycle = (runtime: ProviderRuntime): CloneLifecycle => new CloneLifecycle(runtime);

const LOST: readonly [string, FaultKind][] = [
  ["a cut connection", { cut: true }],
  ["HTTP 500", { status: 500 }],
  ["a gateway's page", { html: true }],
  ["half a body", { halfBody: true }],
  ["an empty answer", { emptyBody: true }],
];

describe("a clone", () => {
  let simulator: Simulator;
  let rig: Rig;
  let golden: string;
  let inputs: Record<string, unknown>;
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "utho-notes-"));
    vi.stubEnv("PULUMI_HOME", home);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    rmSync(home, { recursive: true, force: true });
    await simulator.close();
  });

  async function begin(settings: Partial<SimulatorSettings> = {}): Promise<void> {
    simulator = await startSimulator({ settings: { deployDurationMs: 40, ...settings } });
    golden = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden", contents: "gold" }).id;
    inputs = {
      resourceUrn,
      snapshot: `1001/${golden}`,
      hostname: "copy",
      planId: "10045",
      timeouts: { create: "2s", update: "2s", delete: "2s" },
    };
    rig = rigFor(simulator, lifecycle);
  }

  const copies = () => simulator.cloud.servers().filter(({ hostname }) => hostname === "copy");

  async function refusal(more: Record<string, unknown>): Promise<string> {
    const checked = await rig.provider.check({}, { ...inputs, ...more });
    const [failure] = checked.failures;
    if (failure !== undefined) return failure.reason;
    const error: unknown = await rig.provider.create(checked.inputs).catch((reason: unknown) => reason);
    return error instanceof ProviderFailure ? error.message : "";
  }

  it.each([
    ["a snapshot's number alone", { snapshot: "9001" }, "UTHO_ID_FORMAT"],
    ["no hostname", { hostname: "" }, "UTHO_CLONE_INPUT"],
    ["an invalid hostname", { hostname: "my server" }, "UTHO_CLONE_INPUT"],
    ["no plan", { planId: undefined }, "UTHO_CLONE_INPUT"],
    ["SSH keys that are no numbers", { sshKeys: ["ssh-ed25519 AAAA"] }, "UTHO_CLONE_INPUT"],
    ["a snapshot that does not exist", { snapshot: "1001/424242" }, "UTHO_SNAPSHOT_NOT_FOUND"],
    ["an unknown plan", { planId: "1" }, "UTHO_CLONE_PLAN"],
    ["an unknown data centre", { dcslug: "nowhere" }, "dcslug must be the data centre where the snapshot is"],
    ["another data centre", { dcslug: "innoida" }, "UTHO_CLONE_REFUSED"],
    ["a server to take over that does not exist", { adoptId: "4242" }, "UTHO_CLONE_INPUT"],
    ["a server to take over of another name", { adoptId: "1002" }, "its hostname is db-1"],
  ])("is refused for %s, and nothing is made", async (_what, more, text) => {
    await begin();
    expect(await refusal(more)).toContain(text);
    expect(simulator.cloud.servers()).toHaveLength(2);
  });

  it("is refused for a hostname that Utho refuses", async () => {
    await begin({ refusedHostnames: ["copy"] });
    const text = await refusal({});
    expect(text).toContain("UTHO_CLONE_REFUSED");
    expect(text).toContain("The hostname format is invalid");
    expect(copies()).toEqual([]);
  });

  it.each(["Pending", "Deleting", "Error"])("is refused for a snapshot of status %s", async (status) => {
    await begin();
    simulator.cloud.setStatus(golden, status);
    expect(await refusal({})).toContain("UTHO_SNAPSHOT_NOT_ACTIVE");
    expect(rig.writes()).toEqual([]);
  });

  it("asks for the data centre when the snapshot's server is gone", async () => {
    await begin();
    simulator.cloud.removeServer("1001");
    expect(await refusal({})).toContain("UTHO_CLONE_ZONE");
    await rig.provider.create({ ...inputs, dcslug: "inmumbaizone2" });
    expect(copies()).toMatchObject([{ contents: "gold" }]);
  });

  it.each(LOST)("whose answer is lost by %s is found by its hostname", async (_what, kind) => {
    await begin();
    simulator.faults.add({ operation: "server.deploy", phase: "after", kind });
    const { id } = await rig.provider.create(inputs);
    expect(copies()).toMatchObject([{ cloudId: id }]);
    expect(simulator.requests.count("server.deploy")).toBe(1);
  });

  it("whose request is lost is an error, and the next run deploys one", async () => {
    await begin();
    simulator.faults.add({ operation: "server.deploy", phase: "before", kind: { cut: true } });
    await expect(rig.provider.create(inputs)).rejects.toThrow(
      /UTHO_CLONE_ANSWER_LOST[\s\S]*did not say whether a server was made/,
    );
    expect(copies()).toEqual([]);
    const { id } = await rigFor(simulator, lifecycle).provider.create(inputs);
    expect(copies()).toMatchObject([{ cloudId: id }]);
  });

  it("that is accepted without an id, and never appears, is not called a lost answer", async () => {
    await begin();
    simulator.faults.add({
      operation: "server.deploy",
      phase: "before",
      kind: { status: 200, body: { status: "success" } },
    });
    const text = await refusal({});
    expect(text).toMatch(/UTHO_CLONE_ANSWER_LOST[\s\S]*Utho answered without naming a server, and none/);
    expect(copies()).toEqual([]);
  });

  it("that appears after the run gave up is taken over by the next one", async () => {
    await begin({ newServerListingLagMs: 800 });
    simulator.faults.add({ operation: "server.deploy", phase: "after", kind: { cut: true } });
    await expect(rig.provider.create(inputs)).rejects.toThrow("UTHO_CLONE_ANSWER_LOST");
    const next = rigFor(simulator, lifecycle, { "utho:listingLag": "5s" });
    const { id } = await next.provider.create(inputs);
    expect(copies()).toMatchObject([{ cloudId: id }]);
    expect(next.said.join()).toContain("Took over server");
  });

  it("never takes over a new server of the hostname without proof", async () => {
    await begin();
    simulator.cloud.addServer({ cloudId: "5000", hostname: "copy" });
    const text = await refusal({});
    expect(text).toContain("UTHO_CLONE_HOSTNAME_TAKEN");
    expect(text).toContain('adoptId: "5000"');
    expect(copies()).toHaveLength(1);
    const { id } = await rig.provider.create({ ...inputs, adoptId: "5000" });
    expect(id).toBe("5000");
  });

  it("shares a hostname with an old server", async () => {
    await begin();
    simulator.cloud.addServer({ cloudId: "5000", hostname: "copy", createdAt: "2020-01-01T00:00:00Z" });
    const { id } = await rig.provider.create(inputs);
    expect(id).not.toBe("5000");
    expect(copies()).toHaveLength(2);
  });

  it("shares a hostname with a server that is old by the time zone that is configured", async () => {
    await begin({ timeZone: "Asia/Tokyo" });
    const createdAt = new Date(Date.now() - 2 * 3_600_000).toISOString();
    simulator.cloud.addServer({ cloudId: "5000", hostname: "copy", createdAt });
    const { provider } = rigFor(simulator, lifecycle, { "utho:timeZone": "Asia/Tokyo" });
    expect((await provider.create(inputs)).id).not.toBe("5000");
    expect(copies()).toHaveLength(2);
  });

  it("that is never ready keeps its id, and the next run goes on waiting", async () => {
    await begin({ deployOutcome: "never" });
    const error: unknown = await rig.provider
      .create({ ...inputs, timeouts: { create: "300ms" } })
      .catch((reason: unknown) => reason);
    if (!(error instanceof PartialFailure)) throw new Error(String(error));
    expect(error.code).toBe("UTHO_CLONE_NOT_READY");
    expect(error.properties).toMatchObject({ password: copies()[0]?.rootPassword });
    simulator.cloud.endOperations(error.id);
    const next = rigFor(simulator, lifecycle).provider;
    expect(await next.diff(error.id, error.properties, inputs)).toEqual({ changes: true, replaces: [] });
    const { outs } = await next.update(error.id, error.properties, inputs);
    expect(outs).toMatchObject({ status: "Active", powerStatus: "Running", recorded: { hostname: "copy" } });
    expect(simulator.requests.count("server.deploy")).toBe(1);
  });

  it("sends the processor of its data centre, and how to log in", async () => {
    const place = { slug: "innoida", city: "Delhi (Noida)", country: "India", countryCode: "in" };
    await begin({ zones: [{ ...place, defaultCpu: "amd" }] });
    const login = { auth: "option2", rootPassword: "correct horse" };
    await rig.provider.create((await rig.provider.check({}, { ...inputs, ...login })).inputs);
    const sent = () =>
      simulator.requests
        .all()
        .filter(({ operation }) => operation === "server.deploy")
        .at(-1)?.body;
    expect(sent()).toMatchObject({ auth: "option2", root_password: "correct horse", cpumodel: "amd" });
    const more = { hostname: "other", resourceUrn: `${resourceUrn}2`, cpuModel: "intel" };
    await rig.provider.create((await rig.provider.check({}, { ...inputs, ...more })).inputs).catch(() => {});
    expect(sent()).toMatchObject({ cpumodel: "intel" });
  });

  it("never quotes a root password that cannot be used", async () => {
    await begin();
    const { failures } = await rig.provider.check({}, { ...inputs, rootPassword: 123456 });
    expect(failures.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^UTHO_CLONE_INPUT: (?!.*123456)/),
    ]);
  });

  it("is refused in the preview when the plan does not fit, as far as the program is known", async () => {
    await begin();
    const unfit = { ...inputs, planId: "424242" };
    const { failures } = await rig.provider.check({}, unfit);
    expect(failures.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^UTHO_CLONE_PLAN\b/)]);
    for (const key of ["planId", "snapshot"]) {
      const open = await rig.provider.check({}, { ...unfit, [key]: UNKNOWN });
      expect(open.failures).toEqual([]);
    }
  });

  it("is refused before the deployment when the plan does not fit, and the error lists the plans that do", async () => {
    await begin();
    const text = await refusal({ planId: "424242" });
    expect(text).toMatch(/UTHO_CLONE_PLAN\b.*planId to one that fits\. Utho offers \d+ \(\d+ GB\)/s);
    expect(simulator.requests.count("server.deploy")).toBe(0);
  });

  it("is deployed with a plan that the snapshot's list lacks and the catalogue has, with a warning", async () => {
    const plan = { id: "10045", cpu: 1, ramMb: 1024, diskGb: 80, monthlyCost: 1 };
    await begin({ plans: [plan, { ...plan, id: "2", diskGb: 20 }] });
    const { inputs: checked, failures } = await rig.provider.check({}, { ...inputs, planId: "2" });
    expect(failures).toEqual([]);
    expect(rig.said.join("\n")).toContain("does not list plan 2 for this snapshot");
    expect(simulator.requests.count("plan.listForSnapshot")).toBe(1);
    await rig.provider.create(checked);
    expect(copies()).toHaveLength(1);
    expect(simulator.requests.count("plan.listForSnapshot")).toBe(1);
  });

  it("is refused before the deployment when the plan has no disk of its own", async () => {
    const plan = { id: "1", cpu: 1, ramMb: 1024, diskGb: 0, monthlyCost: 1 };
    await begin({ plans: [plan, { ...plan, id: "2", diskGb: 80 }] });
    expect(await refusal({ planId: "1" })).toContain("UTHO_CLONE_PLAN_DISK");
    expect(simulator.requests.count("server.deploy")).toBe(0);
  });

  it("leaves a plan for Utho to judge when the call that lists plans does not exist", async () => {
    await begin({ absentCalls: { "plan.listForSnapshot": "http401" } });
    expect(await refusal({ planId: "424242" })).toContain("UTHO_CLONE_REFUSED");
    expect(simulator.requests.count("server.deploy")).toBe(1);
  });

  it.each([
    "Public Network Resources not available at this zone",
    "Deploy Failed – Resource Unavailable, a support ticket has been created",
  ])("reports a data centre without room: %s", async (errorIn200) => {
    await begin();
    simulator.faults.add({ operation: "server.deploy", phase: "before", kind: { errorIn200 } });
    expect(await refusal({})).toContain("UTHO_CLONE_ZONE_FULL");
    expect(copies()).toEqual([]);
  });

  it.each<[string, FaultKind | undefined, number]>([
    ["once, after the time that a new server needs to start by itself", undefined, 0],
    ["again soon, where the answer was lost", { status: 500 }, 10_000],
    ["again soon, where the server was busy", { errorIn200: "Please try again after some time" }, 10_000],
  ])("that is off is switched on %s", async (_what, kind, again) => {
    await begin({ powerDurationMs: 10 });
    simulator.cloud.changeServer("1002", { powerState: "Stopped" });
    if (kind !== undefined) simulator.faults.add({ operation: "server.poweron", phase: "before", kind });
    const { hostname } = simulator.cloud.server("1002");
    // Before the first request to start, after it, and so on.
    const slept: number[] = [];
    let now = Date.now();
    const sleep = async (ms: number): Promise<void> => {
      const asked = simulator.requests.count("server.poweron");
      slept[asked] = (slept[asked] ?? 0) + ms;
      now += ms;
      // What was begun is done by then.
      simulator.cloud.advance(ms);
    };
    const clock = { now: () => now, sleep };
    const slow = rigFor(simulator, lifecycle, { "utho:pollInterval": "10s" }, { clock });
    const { outs } = await slow.provider.create({
      ...inputs,
      hostname,
      adoptId: "1002",
      timeouts: undefined,
    });
    expect(outs).toMatchObject({ status: "Active", powerStatus: "Running" });
    expect(simulator.requests.count("server.poweron")).toBe(again === 0 ? 1 : 2);
    expect(slept[0]).toBe(120_000);
    if (again > 0) expect(slept[1]).toBe(again);
  });

  it("is given up, and not destroyed, by a resource that leaves the program for another that adopts it", async () => {
    await begin();
    const { id, outs } = await rig.provider.create(inputs);
    const renamed = rigFor(simulator, lifecycle);
    await renamed.provider.check({}, { ...inputs, resourceUrn: `${resourceUrn}-2`, adoptId: id });
    await renamed.provider.delete(id, outs);
    expect(copies().map(({ cloudId }) => cloudId)).toEqual([id]);
  });

  it.each(["Please confirm the hostname", "Termination protection is on"])(
    "that Utho refuses to destroy is reported at once: %s",
    async (errorIn200) => {
      await begin();
      const { id, outs } = await rig.provider.create(inputs);
      simulator.faults.add({
        operation: "server.destroy",
        phase: "before",
        kind: { errorIn200 },
        times: "always",
      });
      await expect(rig.provider.delete(id, outs)).rejects.toThrow("UTHO_CLONE_NOT_GONE");
      const bodies = simulator.requests.all().filter(({ operation }) => operation === "server.destroy");
      expect(bodies).toHaveLength(errorIn200.includes("confirm") ? 2 : 1);
      expect(copies()).toHaveLength(1);
    },
  );

  it("is destroyed although an answer is lost, and may be gone already", async () => {
    await begin();
    const { id, outs } = await rig.provider.create(inputs);
    simulator.faults.add({ operation: "server.destroy", phase: "after", kind: { cut: true } });
    const next = rigFor(simulator, lifecycle).provider;
    await next.delete(id, outs);
    expect(copies()).toEqual([]);
    await next.delete(id, outs);
  });

  it("is destroyed although one answer says that it does not exist", async () => {
    await begin();
    const { id, outs } = await rig.provider.create(inputs);
    simulator.faults.add({ operation: "server.read", phase: "before", kind: { garbled: '{"cloud":[]}' } });
    await rigFor(simulator, lifecycle).provider.delete(id, outs);
    simulator.faults.assertAllFired();
    expect(copies()).toEqual([]);
  });

  it("is not believed gone by one answer", async () => {
    await begin();
    const { id, outs } = await rig.provider.create(inputs);
    simulator.faults.add({ operation: "server.read", phase: "before", kind: { garbled: '{"cloud":[]}' } });
    const next = rigFor(simulator, lifecycle).provider;
    expect(await next.read(id, outs)).toMatchObject({ id });
    simulator.cloud.removeServer(id);
    expect(await rigFor(simulator, lifecycle).provider.read(id, outs)).toMatchObject({ id: "" });
  });
});
