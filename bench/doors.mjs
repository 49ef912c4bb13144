import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { makeSdks } from "../tools/sdks/make.mjs";
import { configFor, SERVERS, startCloud } from "./cloud.mjs";
import { median } from "./median.mjs";
import { OPERATIONS } from "./operations.mjs";
import { BenchStack } from "./stack.mjs";

const ROOT = resolve(import.meta.dirname, "..");
const PLUGIN = join(ROOT, "plugin");
const require = createRequire(import.meta.url);

/** Who serves the snapshots of one program; the first is what the others are compared with. */
const SIDES = {
  classes: { title: "classes", program: "doors.cjs" },
  written: { title: "plugin, classes by hand", program: "doors.cjs" },
  generated: { title: "plugin, generated SDK", program: "doors.cjs" },
  floor: { title: "engine's floor", program: "floor.cjs" },
};

/** The ways to start a provider, and Node.js with nothing to do but print as they do. */
const STARTS = {
  node: ["-e", "process.stdout.write('0\\n'); setInterval(() => {}, 1000)"],
  plugin: [join(PLUGIN, "pulumi-resource-utho")],
  dynamic: [require.resolve("@pulumi/pulumi/cmd/dynamic-provider")],
};
/** What Linux counts processor time in: hundredths of a second. */
const TICK = 0.01;

/**
 * The two doors beside the engine's floor, at one size, and how much a provider takes to begin. All of it in processor
 * time, as ratios of commands that ran next to each other.
 */
export async function measureDoors({ engineBin, rounds, repeats, loads, size, log }) {
  const folder = mkdtempSync(join(tmpdir(), "bench-doors-"));
  try {
    const sdk = await generatedSdk(folder, log);
    const samples = [];
    for (let round = 0; round < rounds; round += 1) {
      samples.push(...(await measureRound({ engineBin, sdk, size, repeats, round, log })));
    }
    return { size, rounds, rows: rowsOf(samples), starts: await measureStarts(loads) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Compiled as its own `npm run build` does, below the repository's packages. */
async function generatedSdk(folder, log) {
  mkdirSync(join(ROOT, ".cache"), { recursive: true });
  const sdks = mkdtempSync(join(ROOT, ".cache/bench-sdk-"));
  process.once("exit", () => rmSync(sdks, { recursive: true, force: true }));
  await makeSdks(sdks, { log });
  const sdk = join(sdks, "nodejs");
  execFileSync(process.execPath, [require.resolve("typescript/lib/tsc.js"), "-p", sdk], { cwd: folder });
  copyFileSync(join(sdk, "package.json"), join(sdk, "bin/package.json"));
  return join(sdk, "bin");
}

async function measureRound({ engineBin, sdk, size, repeats, round, log }) {
  const names = Object.keys(SIDES);
  const order = [...names.slice(round % names.length), ...names.slice(0, round % names.length)];
  const stands = {};
  const samples = [];
  try {
    for (const side of order) stands[side] = await stand(engineBin, side, sdk, size);
    for (const [operation, { command, once }] of Object.entries(OPERATIONS)) {
      for (let repeat = 0; repeat < (once ? 1 : repeats); repeat += 1) {
        const cpu = {};
        for (const side of order) cpu[side] = (await stands[side].stack.time(command)).cpuSeconds;
        samples.push({ operation, cpu, bytes: bytesOf(stands) });
        log(`  doors    ${operation.padEnd(8)} ${order.map((side) => `${side} ${cpu[side]}`).join("  ")}`);
      }
    }
  } finally {
    for (const { stack, cloud } of Object.values(stands)) {
      stack.dispose();
      await cloud.close();
    }
  }
  return samples;
}

async function stand(engineBin, side, sdk, size) {
  const cloud = await startCloud();
  const env = { BENCH_DOOR: side, BENCH_SDK: sdk, BENCH_SCHEMA: join(PLUGIN, "schema.json") };
  const { program } = SIDES[side];
  const stack = new BenchStack({ engineBin, program, snapshots: size, servers: SERVERS, env });
  const runtime = { name: "nodejs", options: { typescript: false } };
  const plugins = { providers: [{ name: "utho", path: PLUGIN }] };
  writeFileSync(join(stack.folder, "Pulumi.yaml"), JSON.stringify({ name: "bench", runtime, plugins }));
  await stack.prepare(configFor(cloud));
  return { stack, cloud };
}

const bytesOf = (stands) =>
  Object.fromEntries(Object.entries(stands).map(([side, { stack }]) => [side, stack.stateBytes()]));

/** Medians, and of each side the median of its ratios to the classes. */
function rowsOf(samples) {
  return Object.keys(OPERATIONS).map((operation) => {
    const own = samples.filter((one) => one.operation === operation);
    const of = (side) => ({
      cpuSeconds: median(own.map(({ cpu }) => cpu[side])),
      toClasses: median(own.map(({ cpu }) => cpu[side] / cpu.classes)),
      stateBytes: median(own.map(({ bytes }) => bytes[side])),
    });
    return { operation, sides: Object.fromEntries(Object.keys(SIDES).map((side) => [side, of(side)])) };
  });
}

/** Processor time from the start of each to the port that it prints, and its ratio to that of Node.js alone. */
async function measureStarts(loads) {
  // Nothing but an address that can be reached stands for the engine.
  const engine = createServer();
  await new Promise((done) => engine.listen(0, "127.0.0.1", done));
  const address = `127.0.0.1:${engine.address().port}`;
  const samples = [];
  // The first of each only warms the file cache.
  for (let index = 0; index <= loads; index += 1) {
    const cpu = {};
    for (const [name, args] of Object.entries(STARTS)) cpu[name] = await startedIn([...args, address]);
    if (index > 0) samples.push(cpu);
  }
  engine.close();
  const total = (name) => samples.reduce((sum, cpu) => sum + cpu[name], 0);
  const of = (name) => ({ milliseconds: (total(name) / loads) * 1000, toNode: total(name) / total("node") });
  return Object.fromEntries(Object.keys(STARTS).map((name) => [name, of(name)]));
}

/** Linux counts coarsely, so it is the sum over many starts that counts. */
function startedIn(args) {
  const child = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "ignore"] });
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("exit", (code, signal) => fail(new Error(`${args[0]} ended with ${code ?? signal}.`)));
    // It has printed its port.
    child.stdout.once("data", () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ").at(-1).split(" ");
      child.kill("SIGKILL");
      done((Number(fields[11]) + Number(fields[12])) * TICK);
    });
  });
}

/** The table of docs/which-door.md. */
export function doorsTable({ rows, starts }) {
  const sides = Object.keys(SIDES);
  const titles = sides.map((side) => SIDES[side].title);
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const times = (ratio) => `${ratio.toFixed(2)} ×`;
  const stateOf = (side) => rows[0].sides[side].stateBytes;
  return [
    line(["", ...titles]),
    line(["---", ...titles.map(() => "---:")]),
    ...rows.map(({ operation, sides: of }) =>
      line([OPERATIONS[operation].title, ...sides.map((side) => times(of[side].toClasses))]),
    ),
    line(["state file", ...sides.map((side) => times(stateOf(side) / stateOf("classes")))]),
    line([
      "start of the provider, bare Node.js being 1",
      times(starts.dynamic.toNode),
      times(starts.plugin.toNode),
      times(starts.plugin.toNode),
      times(starts.dynamic.toNode),
    ]),
    "",
  ].join("\n");
}
