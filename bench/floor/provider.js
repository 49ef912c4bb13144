// Stands in the program's node_modules as "bench-floor".
let made = 0;

exports.nothing = {
  check: async (_olds, news) => ({ inputs: news, failures: [] }),
  diff: async () => ({ changes: false, replaces: [] }),
  create: async (inputs) => {
    made += 1;
    return { id: `${inputs.cloudId}/${made}`, outs: inputs };
  },
  read: async (id, props) => ({ id, props }),
  update: async (_id, _olds, news) => ({ outs: news }),
  delete: async () => {},
};

/** The same, where what a snapshot's outputs are passes between engine and plugin and lies in the state. */
exports.outputs = {
  ...exports.nothing,
  create: async ({ __provider, cloudId }) => {
    made += 1;
    const outs = {
      __provider,
      cloudId,
      snapshotId: String(made),
      name: `bench-dev-snapshot-${made}-20261127t080000z-a1b2c3`,
      serverName: `server-${cloudId}`,
      status: "Active",
      sizeGb: 80,
      location: "INMUMBAI",
      storage: "ssd",
      createdAt: "2026-11-27T08:00:00Z",
      monthlyCost: 280,
      costCurrency: "INR",
    };
    return { id: `${cloudId}/${made}`, outs };
  },
};
