import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as utho from "pulumi-utho";

const config = new pulumi.Config();
/** Into how many stacks the fleet is divided: part-1, part-2, … */
const parts = config.requireNumber("parts");
/** The least number of servers of the whole fleet: a look-up that finds fewer would silently end the backups of the others. */
const fewest = config.getNumber("fewest") ?? 1;
/** A part that is given up: it takes no more snapshots, and `pulumi destroy` deletes those that it has. */
const retired = config.getBoolean("retired") ?? false;

/**
 * The stack that a server belongs to. It follows from the server's id alone, so a server stays where it is when others
 * come and go; another number of parts moves only the servers that a new part takes (rendezvous hashing).
 */
function partOf(cloudId: string): string {
  const names = Array.from({ length: parts }, (_, index) => `part-${index + 1}`);
  const weightOf = (name: string): string => createHash("sha256").update(`${name}/${cloudId}`).digest("hex");
  return names.reduce((best, name) => (weightOf(name) > weightOf(best) ? name : best));
}

export = async () => {
  const { servers } = await utho.getServers({});
  if (servers.length < fewest) {
    throw new Error(`${servers.length} servers, and ${fewest} are expected; nothing was touched.`);
  }
  const cloudIds = servers.map(({ cloudId }) => cloudId).filter((id) => partOf(id) === pulumi.getStack());
  if (cloudIds.length === 0) {
    throw new Error(`No server belongs to ${pulumi.getStack()} of ${parts} parts; nothing was touched.`);
  }
  const nightly = new utho.SnapshotRotation("nightly", {
    cloudIds,
    every: "24h",
    at: "02:00",
    keep: { last: 3, daily: 7, weekly: 5 },
    timeZone: "Asia/Kolkata",
    paused: retired,
    // A server that moves to another part leaves its snapshots here, where they age out.
    onRemove: retired ? "delete" : "expire",
  });
  return { cloudIds, nextDue: nightly.nextDue, monthlyCost: nightly.monthlyCost, losses: nightly.losses };
};
