// (b) The engine's floor: the same declarations, behind them a provider that does nothing. What is left is the price of
// the engine, its plugin and its state file, which no provider can go below.
const pulumi = require("@pulumi/pulumi");
const { declared } = require("bench-floor/provider");

const snapshots = Number(process.env.BENCH_SNAPSHOTS);
const servers = Number(process.env.BENCH_SERVERS);
const answers = process.env.BENCH_ANSWERS ?? "nothing";
const outputs = Object.fromEntries(declared[answers].map((key) => [key, undefined]));

class Snapshot extends pulumi.CustomResource {
  constructor(name, args) {
    super("pulumi-nodejs:dynamic/bench:Snapshot", name, {
      ...outputs,
      ...args,
      __provider: `exports.handler = () => require("bench-floor/provider").${answers};`,
    });
  }
}

for (let index = 0; index < snapshots; index += 1) {
  new Snapshot(`snapshot-${index}`, { cloudId: String(1001 + (index % servers)) });
}
