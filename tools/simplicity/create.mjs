import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * How many files and functions of provider/ and client/ a first successful creation of a Snapshot runs through: the
 * compiled package, against the simulator, counted by V8 itself. What the compiler adds of its own is left out, and is in
 * `withMadeByCompiler`.
 */
export async function measureCreate(root) {
  const require = createRequire(join(root, "package.json"));
  const { startSimulator } = require(join(root, "dist/simulator/index.js"));
  const simulator = await startSimulator({ settings: { snapshotDurationMs: 20 } });
  const home = mkdtempSync(join(tmpdir(), "pulumi-utho-simplicity-"));
  process.env.PULUMI_HOME = home;
  try {
    return await counted(root, () => createOne(require(join(root, "dist/provider/index.js")), simulator));
  } finally {
    await simulator.close();
    rmSync(home, { recursive: true, force: true });
  }
}

async function createOne({ snapshot: load }, simulator) {
  const provider = typeof load === "function" ? load() : load;
  const values = {
    "utho:token": simulator.token,
    "utho:endpoint": simulator.url,
    "utho:pollInterval": "10ms",
  };
  await provider.configure({ config: { get: (key) => values[key] } });
  const resourceUrn = "urn:pulumi:dev::tools::pulumi-nodejs:dynamic/utho:Snapshot::web";
  const { inputs, failures } = await provider.check({}, { cloudId: "1001", resourceUrn });
  if (failures.length > 0) throw new Error(failures[0].reason);
  await provider.create(inputs);
  if (simulator.cloud.snapshots().length !== 1) throw new Error("The creation made no snapshot.");
}

async function counted(root, work) {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
  await work();
  const { result } = await session.post("Profiler.takePreciseCoverage");
  session.disconnect();
  const folder = pathToFileURL(join(root, "dist")).href;
  const ours = result.filter(({ url }) => /^(provider|client)\//.test(relative(folder, url)));
  const called = ours.map((file) => ({ ...file, functions: file.functions.filter(ran) }));
  return { ...totals(called.map(written)), withMadeByCompiler: totals(called) };
}

function totals(files) {
  return {
    files: files.filter(({ functions }) => functions.length > 0).length,
    functions: files.reduce((sum, { functions }) => sum + functions.length, 0),
  };
}

function ran({ functionName, ranges }) {
  return functionName !== "" && ranges[0].count > 0;
}

/** What the compiler adds for `import * as`, for `export` and for fields: no one reads it, and every file has it. */
const MADE_BY_COMPILER = [
  /^<(instance|static)_members_initializer>$|^<static_initializer>$/,
  /^function \(mod\) \{\s+if \(mod && mod\.__esModule\)/,
  /^function ?\(o\) \{\s+(ownKeys = Object|var ar = \[\])/,
  /^function ?\(\) \{ return \w+(\.\w+|\[k\]); \}$/,
];

/** The same file without the functions that no source file has. */
function written({ url, functions }) {
  const text = readFileSync(new URL(url), "utf8");
  const own = functions.filter(({ functionName, ranges: [{ startOffset, endOffset }] }) => {
    const code = functionName.startsWith("<") ? functionName : text.slice(startOffset, endOffset);
    return !MADE_BY_COMPILER.some((form) => form.test(code));
  });
  return { url, functions: own };
}
