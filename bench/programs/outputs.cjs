// What the engine takes where a provider answers the outputs of a snapshot and does nothing else: below it no provider
// can go that shows them.
const pulumi = require("@pulumi/pulumi");

const snapshots = Number(process.env.BENCH_SNAPSHOTS);
const servers = Number(process.env.BENCH_SERVERS);
const OUTPUTS = {
  snapshotId: undefined,
  name: undefined,
  serverName: undefined,
  status: undefined,
  sizeGb: undefined,
  location: undefined,
  storage: undefined,
  createdAt: undefined,
  monthlyCost: undefined,
  costCurrency: undefined,
};

class Snapshot extends pulumi.CustomResource {
  constructor(name, args) {
    super("pulumi-nodejs:dynamic/bench:Snapshot", name, {
      ...OUTPUTS,
      ...args,
      __provider: 'exports.handler = () => require("bench-floor/provider").outputs;',
    });
  }
}

for (let index = 0; index < snapshots; index += 1) {
  new Snapshot(`snapshot-${index}`, { cloudId: String(1001 + (index % servers)) });
}
