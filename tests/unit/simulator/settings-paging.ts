import { expect } from "vitest";
import { accountSnapshots, call, rows, serverSnapshots } from "./harness";
import type { Proof } from "./settings-proof";

const fiveServers = ["1", "2", "3", "4", "5"].map((cloudId) => ({ cloudId, hostname: `web-${cloudId}` }));
const fiveSnapshots = ["11", "12", "13", "14", "15"].map((id) => ({ id, cloudId: "1", name: `s-${id}` }));

const pageParameter: Proof = async (start) => {
  const simulator = await start({
    servers: fiveServers,
    snapshots: fiveSnapshots,
    settings: { pageParameter: "ignored", snapshotListingPerPage: 2 },
  });
  for (const page of [1, 2, 3]) {
    const reply = await call(simulator, `GET /cloud?page=${page}&perpage=2`);
    expect(rows(reply, "cloud").map((one) => one.cloudid)).toEqual(["1", "2"]);
    expect(reply.json).toMatchObject({ meta: { total: 5, totalpages: 3, currentpage: 1 } });
    const snapshots = rows(await call(simulator, `GET /snapshot?page=${page}`), "snapshots");
    expect(snapshots.map((one) => one.id)).toEqual(["11", "12"]);
  }
};

const metaTotal: Proof = async (start) => {
  const simulator = await start({ servers: fiveServers, settings: { metaTotal: "missing" } });
  const metaOf = async () => (await call(simulator, "GET /cloud?page=2&perpage=2")).json;
  expect(await metaOf()).toMatchObject({ meta: { currentpage: 2 } });
  expect(await metaOf()).not.toHaveProperty("meta.total");
  simulator.cloud.setSettings({ metaTotal: "rowsOfPage" });
  expect(await metaOf()).toMatchObject({ meta: { total: 2, totalpages: 1, currentpage: 2 } });
};

const snapshotListingPerPage: Proof = async (start) => {
  const simulator = await start({
    servers: [...fiveServers, { cloudId: "6", hostname: "far", dcslug: "innoida" }],
    snapshots: [...fiveSnapshots, { id: "16", cloudId: "6", name: "far" }],
    settings: { snapshotListingPerPage: 4 },
  });
  const page = async (path: string) => {
    const reply = await call(simulator, `GET ${path}`);
    return { ids: rows(reply, "snapshots").map((one) => one.id), json: reply.json };
  };
  expect((await page("/snapshot")).ids).toEqual(["11", "12", "13", "14"]);
  expect((await page("/snapshot?page=2")).ids).toEqual(["15", "16"]);
  const one = await page("/snapshot?page=3&perpage=2");
  expect(one.ids).toEqual(["15", "16"]);
  expect(one.json).toMatchObject({ meta: { total: 6, totalpages: 3, currentpage: 3 } });
  expect((await page("/snapshot/innoida")).ids).toEqual(["16"]);
  expect((await page("/snapshot/inmumbaizone2?page=2")).ids).toEqual(["15"]);
  simulator.cloud.setSettings({ snapshotListingPerPage: null });
  const whole = await page("/snapshot");
  expect(whole.ids).toHaveLength(6);
  expect(whole.json).not.toHaveProperty("meta");
};

const snapshotListingCap: Proof = async (start) => {
  const simulator = await start({
    servers: fiveServers,
    snapshots: fiveSnapshots,
    settings: { snapshotListingCap: 3 },
  });
  const ids = ["11", "12", "13"];
  expect((await accountSnapshots(simulator)).map((one) => one.id)).toEqual(ids);
  expect(rows(await call(simulator, "GET /snapshot"), "snapshots").map((one) => one.id)).toEqual(ids);
};

const snapshotListingTotal: Proof = async (start) => {
  const simulator = await start({
    servers: fiveServers,
    snapshots: fiveSnapshots,
    settings: { snapshotListingCap: 3 },
  });
  const listings = ["/cloud/getdeploy?product=cloud", "/snapshot", "/snapshot/inmumbaizone2"];
  const totals = async (ask: readonly string[]) => {
    const replies = [];
    for (const path of ask) replies.push(await call(simulator, `GET ${path}`));
    for (const one of replies) expect(rows(one, "snapshots").length).toBeLessThanOrEqual(3);
    return replies.map((one) => one.json);
  };
  for (const one of await totals(listings)) expect(one).not.toHaveProperty("meta");
  for (const [setting, total] of [
    ["shown", 3],
    ["all", 5],
  ] as const) {
    simulator.cloud.setSettings({ snapshotListingTotal: setting });
    for (const one of await totals(listings)) expect(one).toMatchObject({ meta: { total } });
  }
  simulator.cloud.setSettings({ snapshotListingPerPage: 2 });
  const [second, third] = await totals(["/snapshot?page=2", "/snapshot?page=3"]);
  expect(second).toMatchObject({ snapshots: [{ id: "13" }], meta: { total: 5, totalpages: 3 } });
  expect(third).toMatchObject({ snapshots: [], meta: { total: 5, currentpage: 3 } });
  expect(await serverSnapshots(simulator, "1")).toHaveLength(5);
};

export const proofsOfPaging = {
  pageParameter,
  metaTotal,
  snapshotListingPerPage,
  snapshotListingCap,
  snapshotListingTotal,
};
