import type { Scene } from "../../support/faults/trial";
import type { Account, AccountOptions } from "./account";

const WITHOUT_DEPLOY = { settings: { accountListing: "absent404" } } as const;
const SERVERS_ONLY = { settings: { accountListing: "absent404", snapshotListing: "absent" } } as const;
const UNSURE_DELETE = { settings: { deleteAnswer: "empty" } } as const;
const POWER_OFF = { settings: { powerDurationMs: 25 }, inputs: { powerOff: true } } as const;

/** The snapshot exists, and the log is empty. */
async function standing(account: Account): Promise<void> {
  await account.calm(account.up());
  account.simulator.requests.clear();
}

/** A refresh must lose nothing; what it does not see today it sees tomorrow. */
async function refresh(account: Account) {
  const ended = await account.engine.refresh();
  if (account.idOf("a") === undefined) throw new Error("The refresh gave a snapshot up that exists.");
  return ended;
}

/** The listing no longer shows the snapshot, so that the server itself must be asked. */
async function unlisted(account: Account): Promise<void> {
  await standing(account);
  account.simulator.cloud.setSettings({ bulkListingLacks: 1 });
}

/** State has seen the rename, and the next `up` takes note of it. */
async function renamed(account: Account): Promise<void> {
  await account.calm(account.up());
  account.simulator.cloud.renameSnapshot(account.idOf("a") ?? "", "renamed outside");
  await account.calm(account.engine.refresh());
  account.simulator.requests.clear();
}

async function remove(account: Account) {
  account.program.delete("a");
  return account.up();
}

const create = (account: Account) => account.up();

/** Every call of the API that a Snapshot's create, read, update and delete make, where it is made. */
export const SCENES: readonly Scene<Account, AccountOptions>[] = [
  { name: "create", call: "snapshot.create", writes: true, act: create },
  {
    name: "create with an exact name",
    call: "snapshot.create",
    writes: true,
    options: { inputs: { name: "nightly" } },
    act: createExact,
  },
  { name: "create", call: "server.read", act: create },
  { name: "create, before", call: "snapshot.listByDeploy", act: create },
  { name: "create, finding", call: "snapshot.listByDeploy", skip: 1, act: create },
  { name: "create, before", call: "snapshot.list", options: WITHOUT_DEPLOY, act: create },
  { name: "create, finding", call: "snapshot.list", skip: 1, options: WITHOUT_DEPLOY, act: create },
  { name: "create, before", call: "server.list", options: SERVERS_ONLY, act: create },
  { name: "create, finding", call: "server.list", skip: 1, options: SERVERS_ONLY, act: create },
  { name: "read", call: "snapshot.listByDeploy", before: standing, act: refresh },
  { name: "read", call: "snapshot.list", options: WITHOUT_DEPLOY, before: standing, act: refresh },
  { name: "read", call: "server.list", options: SERVERS_ONLY, before: standing, act: refresh },
  { name: "read", call: "server.read", before: unlisted, act: refresh },
  { name: "update", call: "snapshot.listByDeploy", before: renamed, act: create },
  {
    name: "update",
    call: "server.read",
    before: async (account) => {
      await renamed(account);
      account.simulator.cloud.setSettings({ bulkListingLacks: 1, statusInServerList: true });
    },
    act: create,
  },
  { name: "delete", call: "snapshot.delete", writes: true, before: standing, act: remove },
  {
    name: "delete, answered empty",
    call: "snapshot.delete",
    writes: true,
    options: UNSURE_DELETE,
    before: standing,
    act: remove,
  },
  { name: "delete", call: "snapshot.listByDeploy", options: UNSURE_DELETE, before: standing, act: remove },
  { name: "delete", call: "server.read", options: UNSURE_DELETE, before: standing, act: remove },
  { name: "powerOff", call: "server.poweroff", writes: true, options: POWER_OFF, act: create },
  { name: "powerOff", call: "server.poweron", writes: true, options: POWER_OFF, act: create },
  { name: "powerOff, watching", call: "server.read", skip: 1, options: POWER_OFF, act: create },
];

/** A lost answer to an exact name can leave a snapshot that only the user can claim; then the error says how. */
async function createExact(account: Account) {
  const ended = await account.up();
  const [made] = account.simulator.cloud.snapshots();
  if (ended.errors.length > 0 && made !== undefined && account.idOf("a") === undefined) {
    const again = await account.up();
    if (again.errors.every((text) => !text.includes(`adoptId: "${made.id}"`)))
      throw new Error(`The next run does not say how to take ${made.id} over: ${again.errors.join("\n")}`);
    account.declare("a", { name: "nightly", adoptId: made.id });
  }
  return ended;
}
