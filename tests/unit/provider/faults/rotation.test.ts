import { afterAll, describe, expect, it } from "vitest";
import { figuresOf } from "../../../support/faults/figures";
import { runTrials, type Scene, trialsOf } from "../../../support/faults/trial";
import { Rotated, type RotatedOptions } from "./rotated";

const WITHOUT_DEPLOY = { settings: { accountListing: "absent404" } } as const;
const UNSURE_DELETE = { settings: { deleteAnswer: "empty" } } as const;
const POWER_OFF = { inputs: { powerOff: true } } as const;
const REMOVED = { inputs: { onRemove: "delete" } } as const;

const up = (account: Rotated) => account.up();
const refresh = (account: Rotated) => account.refresh();
const remove = (account: Rotated) => account.remove();

/** It has run once, and the log is empty. */
async function begun(account: Rotated): Promise<void> {
  await account.calm();
  account.simulator.requests.clear();
}

/** It has run on two days, and on the third it takes one and prunes one. */
async function third(account: Rotated): Promise<void> {
  await account.calm();
  account.nextDay();
  await account.calm();
  account.nextDay();
}

/** The listings no longer show the newest, so that the server itself must be asked. */
async function unlisted(account: Rotated): Promise<void> {
  await begun(account);
  account.simulator.cloud.setSettings({ bulkListingLacks: 1 });
}

/** Every call of the API that a rotation's create, read, update and delete make, where it is made. */
const SCENES: readonly Scene<Rotated, RotatedOptions>[] = [
  { name: "create", call: "snapshot.create", writes: true, act: up },
  { name: "create", call: "snapshot.listByDeploy", act: up },
  { name: "create", call: "server.read", act: up },
  { name: "read", call: "snapshot.listByDeploy", before: begun, act: refresh },
  { name: "read", call: "snapshot.list", options: WITHOUT_DEPLOY, before: begun, act: refresh },
  { name: "read", call: "server.read", before: unlisted, act: refresh },
  { name: "update", call: "snapshot.create", writes: true, before: third, act: up },
  { name: "update, looking", call: "snapshot.listByDeploy", before: third, act: up },
  { name: "update, finding", call: "snapshot.listByDeploy", skip: 1, before: third, act: up },
  {
    name: "update, finding",
    call: "snapshot.list",
    skip: 1,
    options: WITHOUT_DEPLOY,
    before: third,
    act: up,
  },
  { name: "update, looking", call: "server.read", before: third, act: up },
  { name: "update, before pruning", call: "server.read", skip: 1, before: third, act: up },
  { name: "update", call: "snapshot.delete", writes: true, before: third, act: up },
  {
    name: "update, answered empty",
    call: "snapshot.delete",
    writes: true,
    options: UNSURE_DELETE,
    before: third,
    act: up,
  },
  { name: "powerOff", call: "server.poweroff", writes: true, options: POWER_OFF, act: up },
  { name: "powerOff", call: "server.poweron", writes: true, options: POWER_OFF, act: up },
  { name: "delete", call: "snapshot.delete", writes: true, options: REMOVED, before: begun, act: remove },
  { name: "delete", call: "snapshot.listByDeploy", options: REMOVED, before: begun, act: remove },
  { name: "delete", call: "server.read", options: REMOVED, before: begun, act: remove },
];

describe("answers that do not say what happened, to a rotation", () => {
  afterAll(() => console.log(figuresOf(SCENES)));

  // Most of the time nothing happens but waiting for an answer that never comes.
  it.concurrent.each(SCENES)("$name: $call", { timeout: 600_000 }, async (scene) => {
    expect(await runTrials(Rotated.open, trialsOf(scene))).toEqual([]);
  });
});
