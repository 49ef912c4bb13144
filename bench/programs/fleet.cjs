// A fleet whose servers are all due at once: as one rotation, as a rotation of one server alone, or as a Snapshot each.
const utho = require("pulumi-utho");

const servers = Number(process.env.BENCH_SERVERS);
const cloudIds = Array.from({ length: servers }, (_, index) => String(1001 + index));

if (process.env.BENCH_FLEET === "snapshots") {
  for (const cloudId of cloudIds) new utho.Snapshot(`snapshot-${cloudId}`, { cloudId });
} else {
  new utho.SnapshotRotation("nightly", { cloudIds, every: "24h", keep: { daily: 7 } });
}
