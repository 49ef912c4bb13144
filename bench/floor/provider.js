// Stands in the program's node_modules as "bench-floor".
let made = 0;

const nothing = {
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

/** As large as a snapshot's outputs are. */
const OUTPUTS = {
  snapshotId: "3000001",
  name: "bench-dev-snapshot-1-20261127t080000z-a1b2c3",
  serverName: "server-1001",
  status: "Active",
  sizeGb: 80,
  location: "INMUMBAI",
  storage: "ssd",
  createdAt: "2026-11-27T08:00:00Z",
  monthlyCost: 280,
  costCurrency: "INR",
};

/** By what they answer: their inputs alone, or a snapshot's outputs too, which then lie in the state and pass each time. */
exports.nothing = nothing;
exports.outputs = {
  ...nothing,
  create: async (inputs) => {
    const { id } = await nothing.create(inputs);
    return { id, outs: { ...inputs, ...OUTPUTS } };
  },
};

exports.waiting = {
  ...exports.outputs,
  create: async (inputs) => {
    await new Promise((done) => setTimeout(done, Number(process.env.BENCH_POLL_MS)));
    return exports.outputs.create(inputs);
  },
};

exports.declared = { nothing: [], outputs: Object.keys(OUTPUTS), waiting: Object.keys(OUTPUTS) };
