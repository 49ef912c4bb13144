import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import ts from "typescript";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { runJob, runScript } from "../support/ci-steps";
import { Project } from "./project";
import { isReady } from "./shared";

const EXAMPLE = "node_modules/pulumi-utho/examples/many-servers";
const WORKFLOW = resolve(__dirname, "../../examples/many-servers/github.yml");
const KEY = "S3RVER";
const NEW = ["1009", "1010", "1011", "1012"];

/** Serves a folder as an S3-compatible store with the bucket "states", and prints its port. */
const STORE = `
const S3rver = require("s3rver");
const configureBuckets = [{ name: "states" }];
new S3rver({ port: 0, address: "127.0.0.1", directory: process.argv[2], silent: true, configureBuckets })
  .run()
  .then(({ port }) => console.log(port));
`;

describe.skipIf(!isReady())("the example many-servers, with its states in an object store", () => {
  let simulator: Simulator;
  let project: Project;
  let store: ChildProcess | undefined;

  beforeEach(async () => {
    const servers = Array.from({ length: 8 }, (_, index) => ({
      cloudId: String(1001 + index),
      hostname: `web-${index}`,
    }));
    simulator = await startSimulator({ servers });
    project = new Project();
  });
  afterEach(async () => {
    const ended = new Promise((done) => (store === undefined ? done(undefined) : store.once("close", done)));
    store?.kill();
    await ended;
    project.dispose();
    await simulator.close();
  });

  async function startStore(): Promise<string> {
    mkdirSync(join(project.folder, "objects"));
    project.write({ "store.cjs": STORE });
    const child = spawn("node", ["store.cjs", "objects"], { cwd: project.folder });
    store = child;
    return new Promise((done, fail) => {
      child.stderr.on("data", (bytes: Buffer) => fail(new Error(bytes.toString())));
      child.stdout.once("data", (bytes: Buffer) => done(bytes.toString().trim()));
    });
  }

  /** How many snapshots each server has. */
  function counts(): Record<string, number> {
    const all: Record<string, number> = {};
    for (const { cloudId } of simulator.cloud.snapshots()) all[cloudId] = (all[cloudId] ?? 0) + 1;
    return all;
  }

  it("takes one snapshot of each server, all parts at once, and stays so when servers come and go", async () => {
    const dependencies = { ...project.pulumi, ...project.ours, s3rver: "3.7.1" };
    project.write({ "package.json": { name: "p", private: true, main: "index.js", dependencies } });
    await project.npm();
    for (const name of ["index", "all"]) {
      const program = readFileSync(join(project.folder, EXAMPLE, `${name}.ts`), "utf8");
      const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };
      project.write({ [`${name}.js`]: ts.transpileModule(program, { compilerOptions }).outputText });
    }
    cpSync(join(project.folder, EXAMPLE, "Pulumi.yaml"), join(project.folder, "Pulumi.yaml"));
    for (const part of [1, 2])
      project.write({ [`Pulumi.part-${part}.yaml`]: "config:\n  utho:pollInterval: 100ms\n" });
    const port = await startStore();
    const address = `s3://states?region=ap-south-1&endpoint=http://127.0.0.1:${port}&s3ForcePathStyle=true`;
    const secrets = { PULUMI_CONFIG_PASSPHRASE: "test", AWS_ACCESS_KEY_ID: KEY, AWS_SECRET_ACCESS_KEY: KEY };
    const env = {
      ...process.env,
      PATH: [process.env.PULUMI_UTHO_TEST_ENGINE, process.env.PATH].join(delimiter),
      PULUMI_HOME: join(project.folder, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "1",
      UTHO_ENDPOINT: simulator.url,
    };
    const account = { ...env, ...secrets, PULUMI_BACKEND_URL: address, UTHO_TOKEN: simulator.token };

    // The README's first step. It makes the store's meta.yaml, which this store, other than S3, writes in two steps.
    const init = await runScript("pulumi stack init part-1", project.folder, account);
    expect(init.code, init.output).toBe(0);
    // By one program.
    const all = await runScript("PARTS=2 FEWEST=8 node all.js", project.folder, account);
    expect(all.code, all.output).toBe(0);
    expect(all.output).toMatch(/part-1: .*The rotation took .*Everything is in sync/s);
    const before = simulator.cloud.snapshots();
    expect(counts()).toEqual(Object.fromEntries(before.map(({ cloudId }) => [cloudId, 1])));
    expect(before).toHaveLength(8);

    // One part by the CI matrix, after servers came and went: it takes those that are new to it, and no other again.
    simulator.cloud.removeServer("1003");
    for (const cloudId of NEW) simulator.cloud.addServer({ cloudId, hostname: `web-${cloudId}` });
    const expressions: Record<string, string> = {
      "matrix.part": "1",
      "strategy.job-total": "2",
      "vars.FEWEST": "9",
      "vars.PULUMI_BACKEND_URL": address,
      "secrets.UTHO_TOKEN": simulator.token,
      ...Object.fromEntries(Object.entries(secrets).map(([name, value]) => [`secrets.${name}`, value])),
    };
    const runner = { folder: project.folder, env, expressions };
    const [part] = await runJob(WORKFLOW, "part", runner);
    expect(part?.code, part?.output).toBe(0);
    const added = Object.keys(counts()).filter((cloudId) => NEW.includes(cloudId));
    expect(added.length).toBeGreaterThan(0);
    expect(added.length).toBeLessThan(NEW.length);
    expect(Object.values(counts()).filter((count) => count > 1)).toEqual([]);
    // The one report names the servers of the part that did not run.
    const [report] = await runJob(WORKFLOW, "report", runner);
    expect(report?.code, report?.output).toBe(1);
    for (const cloudId of NEW)
      expect(report?.output.includes(`web-${cloudId} (${cloudId})`)).toBe(!added.includes(cloudId));

    // A state that was spoilt comes back by a copy of the object.
    const object = join(project.folder, "objects/states/.pulumi/stacks/many-servers/part-1.json");
    const history = `${project.folder}/objects/states/.pulumi/history/many-servers/part-1/*.checkpoint.json`;
    const whole = readFileSync(`${object}._S3rver_object`, "utf8");
    writeFileSync(`${object}._S3rver_object`, whole.slice(0, whole.length / 2));
    const look = "pulumi stack export --stack part-1";
    expect((await runScript(look, project.folder, account)).code).not.toBe(0);
    const copy = `cp "$(ls -t ${history}._S3rver_object | head -1)" ${object}._S3rver_object`;
    const back = await runScript(`${copy} && ${look}`, project.folder, account);
    expect(back.code, back.output).toBe(0);
    expect(back.output).toContain('"cloudIds"');
  }, 300_000);
});
