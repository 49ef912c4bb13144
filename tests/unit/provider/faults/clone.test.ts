import { afterAll, describe, expect, it } from "vitest";
import { figuresOf } from "../../../support/faults/figures";
import { runTrials, type Scene, trialsOf } from "../../../support/faults/trial";
import { Cloned, type ClonedOptions } from "./cloned";

const WITHOUT_DEPLOY = { settings: { accountListing: "absent404" } } as const;
/** The listings lack the snapshot, so that its server is asked. */
const UNLISTED = { settings: { bulkListingLacks: 1 } } as const;

const up = (account: Cloned) => account.up();
const refresh = (account: Cloned) => account.refresh();
const remove = (account: Cloned) => account.remove();

/** The server exists, and the log is empty. */
async function standing(account: Cloned): Promise<void> {
  await account.calm();
  account.simulator.requests.clear();
}

/** Someone switched it off, and the state has seen that. */
async function switchedOff(account: Cloned): Promise<void> {
  await standing(account);
  account.simulator.cloud.changeServer(account.cloudId, { powerState: "Stopped" });
  await account.refresh();
  account.simulator.requests.clear();
}

/** One answer says that the server does not exist, so that the list of servers is asked. */
async function denied(account: Cloned): Promise<void> {
  await standing(account);
  const nothing = { garbled: '{"cloud":[]}' };
  account.simulator.faults.add({ operation: "server.read", phase: "before", kind: nothing });
}

/** Every call of the API that a clone's create, read, update and delete make, where it is made. */
const SCENES: readonly Scene<Cloned, ClonedOptions>[] = [
  { name: "create, checking", call: "snapshot.listByDeploy", act: up },
  { name: "create, checking", call: "snapshot.list", options: WITHOUT_DEPLOY, act: up },
  { name: "create, checking", call: "server.read", options: UNLISTED, act: up },
  { name: "create, looking around", call: "server.list", act: up },
  { name: "create", call: "server.deploy", writes: true, act: up },
  { name: "create, waiting", call: "server.read", skip: 1, act: up },
  { name: "read", call: "server.read", before: standing, act: refresh },
  { name: "read", call: "server.list", before: denied, act: refresh },
  { name: "update", call: "server.read", before: switchedOff, act: up },
  { name: "update", call: "server.poweron", writes: true, before: switchedOff, act: up },
  { name: "delete", call: "server.read", before: standing, act: remove },
  { name: "delete", call: "server.list", before: standing, act: remove },
  { name: "delete", call: "server.destroy", writes: true, before: standing, act: remove },
];

describe("answers that do not say what happened, to a clone", () => {
  afterAll(() => console.log(figuresOf(SCENES)));

  // Most of the time nothing happens but waiting for an answer that never comes.
  it.concurrent.each(SCENES)("$name: $call", { timeout: 600_000 }, async (scene) => {
    expect(await runTrials(Cloned.open, trialsOf(scene))).toEqual([]);
  });
});
