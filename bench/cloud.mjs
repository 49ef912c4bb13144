import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

export const SERVERS = 50;
/** Small beside the price of the engine, and long enough that those who wait share their calls. */
export const POLL_INTERVAL = "100ms";

/**
 * A simulated Utho whose snapshots are Active at once: what is compared is the price of the providers, not the time
 * that Utho takes, unless `settings` say so. It runs in the benchmark's own process, which does nothing else while the CLI
 * works.
 */
export function startCloud(settings) {
  return startFleet(SERVERS, settings);
}

export function startFleet(servers, settings = { snapshotDurationMs: 0 }) {
  const { startSimulator } = require("../dist/simulator/index.js");
  return startSimulator({
    settings,
    servers: Array.from({ length: servers }, (_, index) => ({
      cloudId: String(1001 + index),
      hostname: `server-${index}`,
    })),
  });
}

export function millisecondsOf(duration) {
  return require("../dist/provider/duration.js").parseDuration(duration);
}

/** Configuration of a stack against this cloud. */
export function configFor(cloud, pollInterval = POLL_INTERVAL) {
  return { "utho:token": cloud.token, "utho:endpoint": cloud.url, "utho:pollInterval": pollInterval };
}
