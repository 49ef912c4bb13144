import * as pulumi from "@pulumi/pulumi";
import * as utho from "pulumi-utho";

const config = new pulumi.Config();

/** A JavaScript regular expression; the servers whose hostname it finds are backed up. */
const pattern = config.get("servers") ?? ".*";

/** The least number of servers: a look-up that finds fewer would silently end the backups of the others. */
const fewest = config.getNumber("fewest") ?? 1;

export = async () => {
  const { servers } = await utho.getServers({ nameRegex: pattern });
  if (servers.length < fewest) {
    console.error(
      `${servers.length} servers match ${pattern}, and ${fewest} are expected; nothing was touched.`,
    );
    process.exit(1);
  }
  const nightly = new utho.SnapshotRotation("nightly", {
    cloudIds: servers.map(({ cloudId }) => cloudId),
    every: "24h",
    at: "02:00",
    keep: { last: 3, daily: 7, weekly: 5, monthly: 12 },
    timeZone: "Asia/Kolkata",
  });
  return {
    nextDue: nightly.nextDue,
    monthlyCost: nightly.monthlyCost,
    losses: nightly.losses,
  };
};
