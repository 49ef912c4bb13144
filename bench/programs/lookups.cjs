// One look-up, as a program makes it, outside of an engine: what it takes is its own.
const utho = require("pulumi-utho");

const LOOK_UPS = {
  nothing: () => undefined,
  snapshots: () => utho.getSnapshots({}),
  servers: () => utho.getServers({}),
  newest: () => utho.getSnapshot({ cloudId: "1001", mostRecent: true }),
};

(async () => {
  const found = await LOOK_UPS[process.argv[2]]();
  console.log(Array.isArray(found) ? found.length : (found?.id ?? "nothing"));
})();
