import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Report } from "../../../../cli/report/model";
import { declared, exportOf, type RawResource, Scene, urnOf } from "./scene";

/** One snapshot in sync, and a file with its state. */
async function begin(): Promise<{ scene: Scene; state: string; id: string }> {
  const scene = await Scene.begin();
  const web = scene.take("prod", "web", "1001");
  const state = scene.file("prod.json", exportOf("prod", [declared("prod", "web", web)]));
  return { scene, state, id: web.id };
}

describe("what cannot be determined", () => {
  it("is exit code 2 and no report when the API does not answer, refuses, or answers nonsense", async () => {
    for (const kind of [{ status: 503 }, { status: 401 }, { garbled: true }] as const) {
      const { scene, state } = await begin();
      scene.simulator.faults.add({ operation: "*", phase: "before", kind, times: "always" });
      const out = join(scene.folder, "out.json");
      const { code, err, out: said } = await scene.command("--state", state, "--format", `json=${out}`);
      expect({ code, said }, err).toEqual({ code: 2, said: "" });
      expect(err).toMatch(/^error: UTHO_\w+ .*; next: /);
      expect(readdirSync(scene.folder)).not.toContain("out.json");
    }
  });

  it("is exit code 2 with a report when one snapshot's server gives no clear answer", async () => {
    const { scene, state, id } = await begin();
    scene.simulator.cloud.deleteSnapshot(id);
    scene.simulator.faults.add({
      operation: "server.read",
      phase: "before",
      kind: { status: 404 },
      times: "always",
    });
    const gone = await scene.command("--state", state, "--format", "json");
    scene.simulator.faults.clear();
    scene.simulator.faults.add({
      operation: "server.read",
      phase: "before",
      kind: { status: 401 },
      times: "always",
    });
    const unknown = await scene.command("--state", state, "--format", "json");
    const report: Report = JSON.parse(unknown.out);
    expect(gone.code).toBeGreaterThan(0);
    expect(unknown.code).toBe(2);
    expect(report.snapshots[0]).toMatchObject({ state: "undetermined", exists: null });
    expect(report.verdict).toMatchObject({ exitCode: 2, undetermined: 1 });
  });

  it("is an id in state that belongs to no snapshot", async () => {
    const scene = await Scene.begin();
    const odd: RawResource = {
      urn: urnOf("prod", "web"),
      type: "pulumi-nodejs:dynamic/utho:Snapshot",
      id: "../../x",
    };
    const { code, report } = await scene.report([exportOf("prod", [odd])]);
    expect(code).toBe(2);
    expect(report.snapshots[0]).toMatchObject({
      state: "undetermined",
      detail: expect.stringContaining("../../x"),
    });
  });

  it.each([
    ["no JSON", "{", "is not JSON"],
    ["no state", '{"hello":1}', "not what `pulumi stack export` prints"],
    ["of a layout to come", '{"version":99,"deployment":null}', "version 99"],
    [
      "with a resource without a type",
      '{"version":3,"deployment":{"resources":[{"urn":"x"}]}}',
      "resources.0.type",
    ],
  ])("is a state that is %s", async (_what, content, says) => {
    const scene = await Scene.begin();
    const { code, err } = await scene.command("--state", scene.file("state.json", content));
    expect(code).toBe(2);
    expect(err).toContain("UTHO_STACK");
    expect(err).toContain(says);
    expect(scene.simulator.requests.count()).toBe(0);
  });
});

describe("a command line", () => {
  it.each([
    [["--format", "pdf"], '"pdf" is not one of table, brief, json'],
    [["--format", "json", "--format", "html"], "mixed up on one screen"],
    [["--format", "json=x", "--format", "html=x"], "two formats would be written to x"],
    [["--max-age", "soon"], '"soon" is no duration'],
    [["--fail-on", "drift,rain"], '"rain" is not one of'],
    [["--baseline", "/nowhere.json"], "cannot read /nowhere.json"],
    [["--ignore", "/nowhere.json"], "cannot read /nowhere.json"],
    [["--account", "test"], '"test" is not one of the reported stacks'],
  ])("%j is refused before anything is asked", async (args, says) => {
    const { scene, state } = await begin();
    const { code, err } = await scene.command("--state", state, ...args);
    expect(code).toBe(2);
    expect(err).toContain(says);
    expect(scene.simulator.requests.count()).toBe(0);
  });

  it.each([
    ["no reason to be one", { ignore: [{ match: "x", why: "?" }] }, "why"],
    ["a day that does not exist", { ignore: [{ match: "x", until: "2027-02-30" }] }, "there is no such day"],
    ["an unknown kind", { ignore: [{ match: "x", kinds: ["rain"] }] }, "kinds.0"],
  ])("with an ignore file that has %s is refused", async (_what, content, says) => {
    const { scene, state } = await begin();
    const { code, err } = await scene.command(
      "--state",
      state,
      "--ignore",
      scene.file("ignore.json", content),
    );
    expect({ code, explains: err.includes(says) }, err).toEqual({ code: 2, explains: true });
  });

  it("with a baseline that is no report, or with one stack twice, is refused", async () => {
    const { scene, state } = await begin();
    const baseline = await scene.command("--state", state, "--baseline", state);
    expect(baseline).toMatchObject({ code: 2, err: expect.stringContaining("no report of this version") });
    const twice = await scene.command("--state", state, "--state", state);
    expect(twice).toMatchObject({ code: 2, err: expect.stringContaining("give it once") });
  });

  it("without a token says how to give one", async () => {
    const { scene, state } = await begin();
    Object.assign(scene.simulator, { token: "" });
    const { code, err } = await scene.command("--state", state);
    expect({ code, named: err.includes("UTHO_TOKEN_MISSING") }).toEqual({ code: 2, named: true });
  });
});

describe("a report", () => {
  it("of 1,000 snapshots in 10 stacks takes 2 calls, and changes nothing", async () => {
    const servers = Array.from({ length: 100 }, (_, index) => ({
      cloudId: String(1001 + index),
      hostname: `s-${index}`,
    }));
    const scene = await Scene.begin({ servers });
    const states = Array.from({ length: 10 }, (_stack, stack) => {
      const name = `stack-${stack}`;
      const resources = Array.from({ length: 100 }, (_one, index) =>
        declared(name, `web-${index}`, scene.take(name, `web-${index}`, String(1001 + index))),
      );
      return exportOf(name, resources);
    });
    const before = JSON.stringify(scene.simulator.cloud.snapshots());
    const { code, report } = await scene.report(states);
    expect(code).toBe(0);
    expect(report.totals.states["in-sync"]).toBe(1000);
    expect(scene.simulator.requests.counts()).toEqual({ "server.list": 1, "snapshot.listByDeploy": 1 });
    expect(JSON.stringify(scene.simulator.cloud.snapshots())).toBe(before);
    expect(readdirSync(scene.folder).sort()).toEqual(states.map((_, index) => `state-${index}.json`).sort());
  });

  it("is written in several formats at once, each to its file, and says no word of the token", async () => {
    const { scene, state } = await begin();
    const files = ["table", "json", "markdown", "junit", "sarif", "html"].map(
      (format) => [format, join(scene.folder, `out.${format}`)] as const,
    );
    const { code, out } = await scene.command(
      "--state",
      state,
      ...files.flatMap(([format, file]) => ["--format", `${format}=${file}`]),
    );
    expect({ code, out }).toEqual({ code: 0, out: "" });
    for (const [, file] of files) {
      const text = readFileSync(file, "utf8");
      expect(text).toContain("1002");
      expect(text).not.toContain(scene.simulator.token);
    }
    expect(readdirSync(scene.folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    const table = await scene.command("--state", state, "--out", join(scene.folder, "plain.txt"));
    expect(table.out).toBe("");
    expect(readFileSync(join(scene.folder, "plain.txt"), "utf8")).toContain(
      "Nothing to be alarmed about; 1 finding besides: 1 uncovered.",
    );
  });

  it("alarms about nothing that the baseline has, and about drift that went on", async () => {
    const { scene, state, id } = await begin();
    scene.simulator.cloud.renameSnapshot(id, "once");
    const known = join(scene.folder, "known.json");
    expect((await scene.command("--state", state, "--format", `json=${known}`)).code).toBe(1);
    expect((await scene.command("--state", state, "--baseline", known)).code).toBe(0);
    scene.simulator.cloud.renameSnapshot(id, "twice");
    expect((await scene.command("--state", state, "--baseline", known)).code).toBe(1);
  });

  it("honours each ignore entry until its last day, and reports entries that have expired or match nothing", async () => {
    const { scene, state, id } = await begin();
    scene.simulator.cloud.renameSnapshot(id, "renamed [1]");
    const ignore = async (...entries: object[]) => {
      const file = scene.file("ignore.json", { ignore: entries });
      const { code, out } = await scene.command("--state", state, "--ignore", file, "--format", "json");
      const report: Report = JSON.parse(out);
      return { code, notes: report.notes, ignored: report.findings[0]?.ignored };
    };
    const today = new Date().toISOString().slice(0, 10);
    const reason = "on purpose";
    expect(await ignore({ match: `1001/${id}`, reason })).toMatchObject({
      code: 0,
      ignored: { reason, until: null },
    });
    expect(await ignore({ match: "renamed [1]", until: today })).toMatchObject({ code: 0, notes: [] });
    expect((await ignore({ match: "ren*" })).code).toBe(0);
    expect((await ignore({ match: "urn:pulumi:prod*", kinds: ["drift"] })).code).toBe(0);
    expect((await ignore({ match: "*", kinds: ["missing"] })).code).toBe(1);
    expect(await ignore({ match: "*", until: "2020-01-31" })).toMatchObject({
      code: 1,
      notes: [expect.stringContaining("expired on 2020-01-31")],
    });
    expect((await ignore({ match: "nothing" })).notes).toEqual([expect.stringContaining("matches nothing")]);
  });

  it("reads states of older layouts, of PowerShell's encoding, and without any resource", async () => {
    const scene = await Scene.begin();
    const web = scene.take("prod", "web", "1001");
    const { deployment } = exportOf("prod", [declared("prod", "web", web)]);
    const older = { version: 1, deployment };
    const { report } = await scene.report([older, { version: 3, checkpoint: { stack: "x", latest: null } }]);
    expect(report.totals.states["in-sync"]).toBe(1);
    expect(report.sources.map(({ snapshots }) => snapshots)).toEqual([1, 0]);
    const utf16 = scene.file("utf16.json", Buffer.from(`\ufeff${JSON.stringify(older)}`, "utf16le"));
    expect((await scene.command("--state", utf16)).code).toBe(0);
  });

  it("compares nothing that the state keeps encrypted, and says so", async () => {
    const scene = await Scene.begin();
    const web = scene.take("prod", "web", "1001");
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      ciphertext: "v1:xx",
    };
    const resource = declared("prod", "web", web);
    resource.outputs = { ...resource.outputs, name: secret, recorded: secret };
    const { code, report } = await scene.report([exportOf("prod", [resource])]);
    expect(code).toBe(0);
    expect(report.snapshots[0]).toMatchObject({
      state: "in-sync",
      detail: expect.stringContaining("name, recorded"),
    });
  });
});
