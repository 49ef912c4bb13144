import * as utho from "pulumi-utho";

/** Takes a snapshot of each of the account's first two servers. */
export = async () => {
  const { servers } = await utho.getServers();
  const snapshots = [];
  for (const { hostname, cloudId } of servers.slice(0, 2)) {
    snapshots.push(new utho.Snapshot(hostname, { cloudId }));
  }
  return {
    snapshots: snapshots.map((snapshot) => ({
      id: snapshot.id,
      name: snapshot.name,
      serverName: snapshot.serverName,
      createdAt: snapshot.createdAt,
      sizeGb: snapshot.sizeGb,
      monthlyCost: snapshot.monthlyCost,
    })),
  };
};
