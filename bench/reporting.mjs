#!/usr/bin/env node
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { provideEngine } from "../tools/provide-engine.mjs";
import { machineFacts } from "./machine.mjs";
import { median } from "./median.mjs";
import { cpuSecondsIn, TIMED } from "./stack.mjs";
import { table } from "./tables.mjs";

const require = createRequire(import.meta.url);
const ROOT = resolve(import.meta.dirname, "..");
const SERVERS = 100;
const TYPE = "pulumi-nodejs:dynamic/utho:Snapshot";

const USAGE = `Usage: node bench/reporting.mjs [--rounds 5] [--stacks 10] [--snapshots 1000]

Measures the processor time of \`pulumi-utho report\` against reading the same states alone by the same code, and against
what the Pulumi CLI takes to export one of them, in turn, and prints a table. It needs no account and writes nothing but its workspace below .cache.`;

const log = (line) => console.error(line);

async function main() {
  const { values } = parseArgs({
    options: {
      rounds: { type: "string", default: "5" },
      stacks: { type: "string", default: "10" },
      snapshots: { type: "string", default: "1000" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return console.log(USAGE);
  const engine = await provideEngine({ log });
  const { startSimulator } = require("../dist/simulator/index.js");
  const servers = Array.from({ length: SERVERS }, (_, index) => ({
    cloudId: String(1001 + index),
    hostname: `server-${index}`,
  }));
  const cloud = await startSimulator({ servers });
  mkdirSync(join(ROOT, ".cache/bench"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, ".cache/bench/reporting-"));
  try {
    const bench = new Bench(engine, cloud, folder, values);
    await bench.prepare();
    const samples = { export: [], alone: [], report: [], filesAlone: [], fileReport: [] };
    for (let round = 1; round <= Number(values.rounds); round++) {
      log(`round ${round}`);
      for (const [name, measure] of Object.entries(bench.sides())) samples[name].push(await measure());
    }
    print(machineFacts(engine), samples, bench);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await cloud.close();
  }
}

/** Stacks of the real CLI with a local backend, filled by import. */
class Bench {
  constructor(engine, cloud, folder, { stacks, snapshots }) {
    this.snapshots = Number(snapshots);
    this.folder = folder;
    this.cloud = cloud;
    this.names = Array.from({ length: Number(stacks) }, (_, index) => `stack-${index}`);
    this.calls = [];
    this.env = {
      ...process.env,
      PATH: `${engine.bin}${delimiter}${process.env.PATH}`,
      PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_UPDATE_CHECK: "1",
      UTHO_TOKEN: cloud.token,
      UTHO_ENDPOINT: cloud.url,
    };
  }

  async prepare() {
    mkdirSync(join(this.folder, "state"));
    writeFileSync(join(this.folder, "Pulumi.yaml"), JSON.stringify({ name: "bench", runtime: "nodejs" }));
    for (const name of this.names) {
      await this.run("pulumi", ["stack", "init", name, "--non-interactive"]);
      const file = join(this.folder, `${name}.json`);
      writeFileSync(file, JSON.stringify({ version: 3, deployment: { resources: this.resourcesOf(name) } }));
      await this.run("pulumi", ["stack", "import", "--stack", name, "--file", file, "--non-interactive"]);
    }
  }

  resourcesOf(stack) {
    const stackUrn = `urn:pulumi:${stack}::bench::pulumi:pulumi:Stack::bench-${stack}`;
    const providerUrn = `urn:pulumi:${stack}::bench::pulumi:providers:pulumi-nodejs::default`;
    const id = "875c3d36-ab8b-4871-8d0c-3023a5ddff5e";
    return [
      { urn: stackUrn, custom: false, type: "pulumi:pulumi:Stack" },
      { urn: providerUrn, custom: true, id, type: "pulumi:providers:pulumi-nodejs", inputs: {}, outputs: {} },
      ...Array.from({ length: this.snapshots / this.names.length }, (_, index) => {
        const urn = `urn:pulumi:${stack}::bench::${TYPE}::snapshot-${index}`;
        const name = `${stack}-snapshot-${index}`;
        const snapshot = this.cloud.cloud.addSnapshot({ cloudId: String(1001 + (index % SERVERS)), name });
        const { cloudId, sizeGb } = snapshot;
        const inputs = { cloudId, name, resourceUrn: urn };
        const recorded = { name, sizeGb };
        const createdAt = new Date(snapshot.createdAt).toISOString().replace(/\.\d+Z$/, "Z");
        const outputs = {
          createdAt,
          ...inputs,
          snapshotId: snapshot.id,
          status: "Active",
          sizeGb,
          monthlyCost: sizeGb * 4,
          recorded,
        };
        return {
          urn,
          custom: true,
          id: `${cloudId}/${snapshot.id}`,
          type: TYPE,
          inputs,
          outputs,
          parent: stackUrn,
          provider: `${providerUrn}::${id}`,
        };
      }),
    ];
  }

  /** What is measured, in the order of a round. */
  sides() {
    const stacks = this.names.flatMap((name) => ["--stack", name]);
    const files = this.names.flatMap((name) => ["--state", `${name}.json`]);
    return {
      export: () => this.run("pulumi", ["stack", "export", "--stack", this.names[0]]),
      alone: () => this.read(this.names, []),
      report: () => this.report(stacks),
      filesAlone: () => this.read([], this.names),
      fileReport: () => this.report(files),
    };
  }

  /** The same states by the same code, and nothing besides. */
  read(stacks, files) {
    const program = `
      const { readStacks } = require(${JSON.stringify(join(ROOT, "dist/cli/stack/exported.js"))});
      const { readStateFile } = require(${JSON.stringify(join(ROOT, "dist/cli/stack/file.js"))});
      const { PulumiCli } = require(${JSON.stringify(join(ROOT, "dist/cli/stack/pulumi-cli.js"))});
      const pulumi = new PulumiCli(".", { env: process.env, ending: new AbortController().signal });
      const stacks = ${JSON.stringify(stacks)};
      if (stacks.length > 0) readStacks(pulumi, ".", stacks);
      for (const name of ${JSON.stringify(files)}) readStateFile(name + ".json");`;
    return this.run(process.execPath, ["-e", program]);
  }

  async report(args) {
    this.cloud.requests.clear();
    const seconds = await this.run(process.execPath, [
      join(ROOT, "dist/cli/main.js"),
      "report",
      ...args,
      "--out",
      "report.txt",
    ]);
    this.calls.push(this.cloud.requests.count());
    return seconds;
  }

  /** Gives the seconds of processor time of the command and all that it starts. */
  run(command, args) {
    const child = spawn("sh", ["-c", TIMED, "sh", command, ...args], {
      cwd: this.folder,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    let printed = "";
    child.stdout.on("data", (bytes) => (printed += bytes));
    child.stderr.on("data", (bytes) => (said += bytes));
    return new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", (code) => {
        if (code === 0) return done(cpuSecondsIn(printed));
        fail(new Error(`${command} ${args.slice(0, 3).join(" ")} ended with ${code}: ${said}`));
      });
    });
  }
}

function print(
  machine,
  { export: exported, alone, report, filesAlone, fileReport },
  { calls, names, snapshots },
) {
  const row = (what, base, whole) => [
    what,
    `${median(base).toFixed(2)} s`,
    `${median(whole).toFixed(2)} s`,
    `${median(whole.map((one, index) => one / base[index])).toFixed(2)} ×`,
    String(Math.max(...calls)),
  ];
  console.log(
    table(
      [
        `${snapshots} snapshots in ${names.length} stacks, processor time`,
        "reading the states alone",
        "the report",
        "report ÷ reading",
        "calls",
      ],
      [
        row("by the Pulumi CLI (`--stack`)", alone, report),
        row("from files (`--state`)", filesAlone, fileReport),
      ],
    ),
  );
  const used = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  console.log(
    `${machine.date}, ${machine.cores} cores, load average ${machine.loadAverage.toFixed(1)}; ${used.join(", ")}; medians of ${alone.length} rounds; \`pulumi stack export\` alone ${median(exported).toFixed(2)} s.`,
  );
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
