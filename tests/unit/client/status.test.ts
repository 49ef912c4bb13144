import { describe, expect, it } from "vitest";
import { actionStatus, type Status, serverStatus, snapshotStatus } from "../../../client/status";

const CASES: readonly (readonly [string, (word: string) => Status<string>, Record<string, string[]>])[] = [
  [
    "a snapshot",
    snapshotStatus,
    {
      ready: ["Active", " active ", "ACTIVE"],
      failed: ["Error", "create_failed", "Failed to delete", "corrupted"],
      deleting: ["Deleting", "being_removed", "Destroying"],
      deleted: ["Deleted", "terminated"],
      pending: ["Pending", "Creating", "Inactive", "Activating", "Unknown"],
    },
  ],
  [
    "a server",
    serverStatus,
    {
      active: ["Active"],
      running: ["Running", "powered_on", "On"],
      stopped: ["Stopped"],
      off: ["Powered-Off", "Shutdown", "shut down", "halted", "inactive"],
      failed: ["Deploy failed", "ERROR"],
      pending: ["Pending", "Stopping", "Installing"],
    },
  ],
  [
    "an action",
    actionStatus,
    {
      success: ["Success", "completed"],
      failed: ["Support", "Failed", "cancelled"],
      pending: ["Pending", "Unsuccessful", "Running"],
    },
  ],
];

describe.each(CASES)("the status of %s", (_what, read, meanings) => {
  const all = Object.entries(meanings).flatMap(([is, words]) => words.map((word) => [word, is] as const));
  it.each(all)("%j is %s, and shown as Utho wrote it", (word, is) => {
    const status = read(word);
    expect([status.is, `${status}`, JSON.stringify(status)]).toEqual([is, word, JSON.stringify(word)]);
  });
});
