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
