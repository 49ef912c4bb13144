// (a) pulumi-utho, as a user writes it.
const utho = require("pulumi-utho");

const snapshots = Number(process.env.BENCH_SNAPSHOTS);
const servers = Number(process.env.BENCH_SERVERS);

for (let index = 0; index < snapshots; index += 1) {
  new utho.Snapshot(`snapshot-${index}`, { cloudId: String(1001 + (index % servers)) });
}
