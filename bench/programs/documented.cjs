// (c) A dynamic provider for the same API in the form that Pulumi's documentation shows: one provider object whose
// methods close over what stands around them, handed to pulumi.dynamic.Resource, axios as it comes, and one GET for each
// read. It is the plain case, without waiting for locks, recovery, retries or drift; what it lacks makes it faster.
const axios = require("axios");
const pulumi = require("@pulumi/pulumi");

const snapshots = Number(process.env.BENCH_SNAPSHOTS);
const servers = Number(process.env.BENCH_SERVERS);

function api(endpoint, token) {
  return axios.create({ baseURL: endpoint, headers: { Authorization: `Bearer ${token}` } });
}

function refuseErrors({ data }) {
  if (data.status === "error") throw new Error(`Utho: ${data.message}`);
  return data;
}

async function readServer(client, cloudId) {
  const { cloud } = refuseErrors(await client.get(`/cloud/${cloudId}`));
  return cloud[0];
}

function outputs(inputs, server, snapshot) {
  return {
    cloudId: inputs.cloudId,
    name: snapshot.name,
    snapshotId: snapshot.id,
    serverName: server.hostname,
    sizeGb: Number.parseInt(snapshot.size, 10),
    location: server.dclocation.location,
    createdAt: snapshot.created_at,
  };
}

const snapshotProvider = {
  async configure({ config }) {
    this.client = api(config.require("utho:endpoint"), config.require("utho:token"));
  },

  async check(_olds, news) {
    const failures = [];
    if (!/^\d+$/.test(news.cloudId)) failures.push({ property: "cloudId", reason: "must be a number" });
    if (!news.name) failures.push({ property: "name", reason: "must not be empty" });
    return { inputs: news, failures };
  },

  async diff(_id, olds, news) {
    const replaces = [];
    if (olds.cloudId !== news.cloudId) replaces.push("cloudId");
    if (olds.name !== news.name) replaces.push("name");
    return { changes: replaces.length > 0, replaces };
  },

  async create(inputs) {
    refuseErrors(await this.client.post(`/cloud/${inputs.cloudId}/snapshot/create`, { name: inputs.name }));
    for (let attempt = 0; attempt < 120; attempt += 1) {
      const server = await readServer(this.client, inputs.cloudId);
      const snapshot = server.snapshots.find((one) => one.name === inputs.name);
      if (snapshot) {
        return { id: `${inputs.cloudId}/${snapshot.id}`, outs: outputs(inputs, server, snapshot) };
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`snapshot ${inputs.name} did not appear`);
  },

  async read(id, props) {
    const [cloudId, snapshotId] = id.split("/");
    const server = await readServer(this.client, cloudId);
    const snapshot = server?.snapshots.find((one) => one.id === snapshotId);
    if (!snapshot) return { id: "", props: {} };
    return { id, props: outputs(props, server, snapshot) };
  },

  async delete(id) {
    const [cloudId, snapshotId] = id.split("/");
    refuseErrors(await this.client.delete(`/cloud/${cloudId}/snapshot/${snapshotId}/delete`));
  },
};

class Snapshot extends pulumi.dynamic.Resource {
  constructor(name, args, opts) {
    super(
      snapshotProvider,
      name,
      {
        snapshotId: undefined,
        serverName: undefined,
        sizeGb: undefined,
        location: undefined,
        createdAt: undefined,
        ...args,
      },
      opts,
      "bench",
      "DocumentedSnapshot",
    );
  }
}

for (let index = 0; index < snapshots; index += 1) {
  const name = `snapshot-${index}`;
  new Snapshot(name, { cloudId: String(1001 + (index % servers)), name });
}
