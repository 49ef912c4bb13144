import { mkdtempSync, rmSync } from "node:fs";
import { Session } from "node:inspector/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * How many files and functions of provider/ and client/ a first successful creation of a Snapshot runs through: the
 * compiled package, against the simulator, counted by V8 itself.
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
  const called = ours.map(
    ({ functions }) => functions.filter((one) => one.functionName !== "" && ran(one)).length,
  );
  return {
    files: called.filter((count) => count > 0).length,
    functions: called.reduce((sum, count) => sum + count, 0),
  };
}

function ran({ ranges }) {
  return ranges[0].count > 0;
}
