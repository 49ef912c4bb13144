import { expect } from "vitest";
import type { Simulator } from "../../../simulator/index";
import {
  accountSnapshots,
  call,
  deployBody,
  readServer,
  rows,
  serverSnapshots,
  takeSnapshot,
} from "./harness";
import type { Proof } from "./settings-proof";

/** Names in the account's listing and in the server's own answer. */
async function names(simulator: Simulator): Promise<{ account: unknown[]; own: unknown[] }> {
  return {
    account: (await accountSnapshots(simulator)).map((one) => one.name),
    own: (await serverSnapshots(simulator, "1001")).map((one) => one.name),
  };
}

const fiveServers = ["1", "2", "3", "4", "5"].map((cloudId) => ({ cloudId, hostname: `web-${cloudId}` }));

async function page(simulator: Simulator, query: string): Promise<unknown[]> {
  return rows(await call(simulator, `GET /cloud?${query}`), "cloud").map((one) => one.cloudid);
}

const accountListing: Proof = async (start) => {
  const absent = await start({ settings: { accountListing: "absent404" } });
  expect((await call(absent, "GET /cloud/getdeploy?product=cloud")).status).toBe(404);
  const swallowed = await start({ settings: { accountListing: "swallowed-by-cloudid" } });
  const reply = await call(swallowed, "GET /cloud/getdeploy?product=cloud");
  expect(rows(reply, "cloud")).toEqual([]);
  expect(reply.json).not.toHaveProperty("snapshots");
  const refused = await start({
    settings: { accountListing: "swallowed-by-cloudid", unknownServer: "statusError" },
  });
  expect((await call(refused, "GET /cloud/getdeploy")).json).toMatchObject({ status: "error" });
};

const snapshotListing: Proof = async (start) => {
  for (const shape of ["snapshots", "data"] as const) {
    const simulator = await start({ settings: { snapshotListing: shape } });
    const id = await takeSnapshot(simulator, "1001", "a");
    expect(rows(await call(simulator, "GET /snapshot"), shape)).toMatchObject([{ id }]);
  }
  const bare = await start({ settings: { snapshotListing: "bare" } });
  await takeSnapshot(bare, "1001", "a");
  expect((await call(bare, "GET /snapshot")).json).toEqual([expect.objectContaining({ name: "a" })]);
  const absent = await start({ settings: { snapshotListing: "absent" } });
  expect((await call(absent, "GET /snapshot")).json).toMatchObject({ message: "Not Found GET" });
};

const snapshotListingFields: Proof = async (start) => {
  const simulator = await start({ settings: { snapshotListingFields: "likeServer" } });
  await takeSnapshot(simulator, "1001", "a");
  const [row] = rows(await call(simulator, "GET /snapshot"), "snapshots");
  expect(Object.keys(row ?? {}).sort()).toEqual(["created_at", "id", "name", "note", "size"]);
  simulator.cloud.setSettings({ snapshotListingFields: "likeSisters" });
  expect(rows(await call(simulator, "GET /snapshot"), "snapshots")).toEqual([
    {
      id: "5001",
      cloudid: "1001",
      name: "a",
      size: "50GB",
      created_at: "2026-01-15 12:00:00",
      dc: "inmumbaizone2",
      dclocation: { location: "Mumbai", country: "India", dc: "inmumbaizone2", dccc: "in" },
    },
  ]);
};

const statusInServerList: Proof = async (start) => {
  const simulator = await start({ settings: { statusInServerList: true } });
  await takeSnapshot(simulator, "1001", "a");
  expect(await serverSnapshots(simulator, "1001")).toMatchObject([{ status: "Active" }]);
};

const serverListHasSnapshots: Proof = async (start) => {
  const simulator = await start({ settings: { serverListHasSnapshots: false } });
  expect(rows(await call(simulator, "GET /cloud"), "cloud")[0]).not.toHaveProperty("snapshots");
  expect(await readServer(simulator, "1001")).toHaveProperty("snapshots");
};

const accountListingLagMs: Proof = async (start) => {
  const simulator = await start({ settings: { accountListingLagMs: 30_000 } });
  await takeSnapshot(simulator, "1001", "a");
  expect(await names(simulator)).toEqual({ account: [], own: ["a"] });
  simulator.advance(29_699);
  expect(await names(simulator)).toEqual({ account: [], own: ["a"] });
  simulator.advance(1);
  expect(await names(simulator)).toEqual({ account: ["a"], own: ["a"] });
  await call(simulator, `DELETE /cloud/1001/snapshot/5001/delete`);
  expect(await names(simulator)).toEqual({ account: [], own: [] });
};

const serverListingLagMs: Proof = async (start) => {
  const simulator = await start({ settings: { serverListingLagMs: 30_000 } });
  await takeSnapshot(simulator, "1001", "a");
  expect(await names(simulator)).toEqual({ account: ["a"], own: [] });
  simulator.advance(29_700);
  expect(await names(simulator)).toEqual({ account: ["a"], own: ["a"] });
};

const listingsDisagreeForMs: Proof = async (start) => {
  const simulator = await start({
    settings: { listingsDisagreeForMs: 5000 },
    snapshots: [
      { id: "1", cloudId: "1001", name: "old" },
      { id: "2", cloudId: "1001", name: "renamed" },
    ],
  });
  await takeSnapshot(simulator, "1001", "new");
  await call(simulator, "DELETE /cloud/1001/snapshot/1/delete");
  simulator.cloud.renameSnapshot("2", "another name");
  expect(await names(simulator)).toEqual({ account: ["old", "renamed"], own: ["another name", "new"] });
  simulator.advance(5000);
  expect(await names(simulator)).toEqual({ account: ["another name", "new"], own: ["another name", "new"] });
};

const bulkListingLacks: Proof = async (start) => {
  const simulator = await start();
  for (const name of ["a", "b", "c"]) await takeSnapshot(simulator, "1001", name);
  simulator.cloud.setSettings({ bulkListingLacks: 2 });
  expect(await names(simulator)).toEqual({ account: ["a"], own: ["a", "b", "c"] });
  simulator.cloud.setSettings({ bulkListingLacks: ["5002"] });
  expect(await names(simulator)).toEqual({ account: ["a", "c"], own: ["a", "b", "c"] });
  expect(rows(await call(simulator, "GET /snapshot"), "snapshots")).toHaveLength(2);
};

const newServerListingLagMs: Proof = async (start) => {
  const simulator = await start({ settings: { newServerListingLagMs: 1000 } });
  await call(simulator, "POST /cloud/deploy", deployBody("late"));
  expect(await page(simulator, "")).toEqual(["1001", "1002"]);
  expect((await readServer(simulator, "1003")).hostname).toBe("late");
  simulator.advance(1000);
  expect(await page(simulator, "")).toEqual(["1001", "1002", "1003"]);
};

const defaultPerPage: Proof = async (start) => {
  const simulator = await start({ servers: fiveServers, settings: { defaultPerPage: 2 } });
  expect(await page(simulator, "")).toEqual(["1", "2"]);
  expect(await page(simulator, "page=3")).toEqual(["5"]);
  expect(await page(simulator, "page=4")).toEqual([]);
  for (const query of ["page=0", "page=x", "perpage=-1", "perpage=1.5"]) {
    expect((await call(simulator, `GET /cloud?${query}`)).json).toMatchObject({ status: "error" });
  }
};

const maxPerPage: Proof = async (start) => {
  const simulator = await start({ servers: fiveServers, settings: { maxPerPage: 3 } });
  expect(await page(simulator, "perpage=100")).toEqual(["1", "2", "3"]);
  expect((await call(simulator, "GET /cloud?perpage=100")).json).toMatchObject({ meta: { totalpages: 2 } });
};

const pageShift: Proof = async (start) => {
  const repeating = await start({ servers: fiveServers, settings: { pageShift: 1 } });
  const repeated = [];
  for (const number of [1, 2, 3, 4]) repeated.push(await page(repeating, `page=${number}&perpage=2`));
  expect(repeated).toEqual([
    ["1", "2"],
    ["2", "3"],
    ["3", "4"],
    ["4", "5"],
  ]);
  const last = await call(repeating, "GET /cloud?page=4&perpage=2");
  expect(last.json).toMatchObject({ meta: { total: 8, totalpages: 4, currentpage: 4 } });
  const skipping = await start({ servers: fiveServers, settings: { pageShift: -1 } });
  const skipped = [];
  for (const number of [1, 2]) skipped.push(await page(skipping, `page=${number}&perpage=2`));
  expect(skipped).toEqual([
    ["1", "2"],
    ["4", "5"],
  ]);
};

const unknownServer: Proof = async (start) => {
  const simulator = await start({ settings: { unknownServer: "statusError" } });
  const reply = await call(simulator, "GET /cloud/404");
  expect(reply.json).toMatchObject({ status: "error", message: expect.stringContaining("not found") });
};

export const proofsOfListings = {
  accountListing,
  snapshotListing,
  snapshotListingFields,
  statusInServerList,
  serverListHasSnapshots,
  accountListingLagMs,
  serverListingLagMs,
  listingsDisagreeForMs,
  bulkListingLacks,
  newServerListingLagMs,
  defaultPerPage,
  maxPerPage,
  pageShift,
  unknownServer,
};
