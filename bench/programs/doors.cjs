// Snapshots through one of the two doors: the classes of the package, or the plugin with classes written by hand or with
// the generated SDK.
const snapshots = Number(process.env.BENCH_SNAPSHOTS);
const servers = Number(process.env.BENCH_SERVERS);

const { Snapshot } = classesOf(process.env.BENCH_DOOR);
for (let index = 0; index < snapshots; index += 1) {
  new Snapshot(`snapshot-${index}`, { cloudId: String(1001 + (index % servers)) });
}

function classesOf(door) {
  if (door === "classes") return require("pulumi-utho");
  if (door === "generated") return require(process.env.BENCH_SDK);
  const pulumi = require("@pulumi/pulumi");
  const { properties } = require(process.env.BENCH_SCHEMA).resources["utho:index:Snapshot"];
  const outputs = Object.fromEntries(Object.keys(properties).map((key) => [key, undefined]));
  const written = class extends pulumi.CustomResource {
    constructor(name, args, opts) {
      super("utho:index:Snapshot", name, { ...outputs, ...args }, opts);
    }
  };
  return { Snapshot: written };
}
