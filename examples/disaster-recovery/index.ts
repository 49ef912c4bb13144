import * as pulumi from "@pulumi/pulumi";
import * as utho from "pulumi-utho";

const config = new pulumi.Config();

/** Anything that differs from run to run, such as the date: a new value takes new snapshots of all servers. */
const run = config.get("run") ?? "first";

/**
 * How many servers there are at least. A server that is gone leaves this program, and its snapshot would be deleted
 * with it: the one thing that could bring it back.
 */
const atLeast = config.requireNumber("servers");

/** Takes a snapshot of every server of the account, also of those that were added since the last run. */
export = async () => {
  const { servers } = await utho.getServers();
  if (servers.length < atLeast) {
    console.error(`${servers.length} servers instead of ${atLeast}: recover first, or lower the number.`);
    process.exit(1);
  }
  const backups: Record<string, pulumi.Output<string>> = {};
  for (const { cloudId, hostname } of servers) {
    // By the id, since hostnames may be shared and changed.
    backups[hostname] = new utho.Snapshot(`server-${cloudId}`, { cloudId, triggers: [run] }).id;
  }
  return { backups };
};
