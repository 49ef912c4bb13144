import { afterAll, describe, expect, it } from "vitest";
import { figuresOf } from "../../../support/faults/figures";
import { runTrials, type Scene, trialsOf } from "../../../support/faults/trial";
import { Restored, type RestoredOptions } from "./restored";

const WITHOUT_DEPLOY = { settings: { accountListing: "absent404" } } as const;
const SERVERS_ONLY = {
  settings: { accountListing: "absent404", snapshotListing: "absent", statusInServerList: true },
} as const;
const UNSURE_DELETE = { settings: { deleteAnswer: "empty" } } as const;
const STAYS_OFF = { off: true, settings: { restoreLeaves: "asBefore" } } as const;

const up = (account: Restored) => account.up();
const upBriefly = (account: Restored) => account.upBriefly();
const refresh = (account: Restored) => account.refresh();
const remove = (account: Restored) => account.remove();

/** The restore has happened, and the log is empty. */
async function restored(account: Restored): Promise<void> {
  await account.calm();
  account.simulator.requests.clear();
}

/** The listing no longer shows the safety snapshot, so that the server itself must be asked. */
async function unlisted(account: Restored): Promise<void> {
  await restored(account);
  account.simulator.cloud.setSettings({ bulkListingLacks: 1 });
}

/** Utho's record says that the restore failed, so that the next run asks once more. */
async function failed(account: Restored): Promise<void> {
  account.simulator.cloud.nextOutcome({ of: "restore", outcome: "fails" });
  const { errors } = await account.up();
  if (!errors.join().includes("UTHO_RESTORE_FAILED")) throw new Error(`It did not fail: ${errors.join()}`);
  account.allowed += 1;
  account.simulator.requests.clear();
}

/** Every call of the API that a restore's create, read, update and delete make, where it is made. */
const SCENES: readonly Scene<Restored, RestoredOptions>[] = [
  { name: "create, checking", call: "server.read", act: up },
  { name: "create, checking", call: "snapshot.listByDeploy", act: up },
  { name: "create, checking", call: "snapshot.list", options: WITHOUT_DEPLOY, act: up },
  { name: "create, checking", call: "server.list", options: SERVERS_ONLY, act: up },
  { name: "create, keeping", call: "snapshot.create", writes: true, act: up },
  { name: "create, keeping", call: "snapshot.listByDeploy", skip: 1, act: up },
  { name: "create, keeping", call: "snapshot.list", skip: 1, options: WITHOUT_DEPLOY, act: up },
  { name: "create, keeping", call: "server.list", skip: 1, options: SERVERS_ONLY, act: up },
  { name: "create, before asking", call: "action.list", act: up },
  { name: "create", call: "snapshot.restore", writes: true, act: upBriefly },
  { name: "create, watching", call: "action.list", skip: 1, act: up },
  { name: "create, watching", call: "server.read", skip: 2, act: up },
  { name: "create, server off", call: "server.poweron", writes: true, options: STAYS_OFF, act: up },
  { name: "read", call: "snapshot.listByDeploy", before: restored, act: refresh },
  { name: "read", call: "snapshot.list", options: WITHOUT_DEPLOY, before: restored, act: refresh },
  { name: "read", call: "server.list", options: SERVERS_ONLY, before: restored, act: refresh },
  { name: "read", call: "server.read", before: unlisted, act: refresh },
  { name: "update", call: "snapshot.listByDeploy", before: failed, act: up },
  { name: "update", call: "server.read", before: failed, act: up },
  { name: "update", call: "action.list", before: failed, act: up },
  { name: "update", call: "snapshot.restore", writes: true, before: failed, act: upBriefly },
  { name: "delete", call: "snapshot.delete", writes: true, before: restored, act: remove },
  {
    name: "delete, answered empty",
    call: "snapshot.delete",
    writes: true,
    options: UNSURE_DELETE,
    before: restored,
    act: remove,
  },
  { name: "delete", call: "snapshot.listByDeploy", options: UNSURE_DELETE, before: restored, act: remove },
  { name: "delete", call: "server.read", options: UNSURE_DELETE, before: restored, act: remove },
];

describe("answers that do not say what happened, to a restore", () => {
  afterAll(() => console.log(figuresOf(SCENES)));

  // Most of the time nothing happens but waiting for an answer that never comes.
  it.concurrent.each(SCENES)("$name: $call", { timeout: 600_000 }, async (scene) => {
    expect(await runTrials(Restored.open, trialsOf(scene))).toEqual([]);
  });
});
