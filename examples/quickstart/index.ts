import * as utho from "pulumi-utho";

/** Takes a snapshot of the first two servers of the account, whatever they are called. */
export = async () => {
  const { servers } = await utho.getServers();
  const chosen = servers.slice(0, 2);
  const snapshots = chosen.map(({ hostname, cloudId }) => new utho.Snapshot(hostname, { cloudId }));
  return {
    snapshots: snapshots.map(({ id, name, serverName, status, sizeGb, monthlyCost }) => ({
      id,
      name,
      serverName,
      status,
      sizeGb,
      monthlyCost,
    })),
  };
};
