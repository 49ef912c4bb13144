import type { Answer } from "../answers/answer";
import { noSuchCall, pageMeta, plainSuccess, success } from "../answers/envelope";
import { accountSnapshotRow, serverSnapshotRow, sisterSnapshotRow } from "../answers/snapshot";
import { restoreSnapshot } from "../rules/restore";
import { createSnapshot, deleteSnapshot } from "../rules/snapshots";
import { type AccountListing, accountSnapshots, pageOf } from "../rules/visibility";
import type { World } from "../rules/world";
import { type ApiRequest, pathPart, type Route } from "./route";
import { readServer } from "./servers";

export const snapshotRoutes: Route[] = [
  { operation: "snapshot.create", method: "POST", path: "/cloud/:cloudid/snapshot/create", respond: create },
  {
    operation: "snapshot.restore",
    method: "POST",
    path: "/cloud/:cloudid/snapshot/:snapshotid/restore",
    respond: restore,
  },
  {
    operation: "snapshot.delete",
    method: "DELETE",
    path: "/cloud/:cloudid/snapshot/:snapshotid/delete",
    respond: remove,
  },
  { operation: "snapshot.listByDeploy", method: "GET", path: "/cloud/getdeploy", respond: listByDeploy },
  {
    operation: "snapshot.list",
    method: "GET",
    path: "/snapshot",
    respond: (world, request) => list(world, request, () => true),
  },
  {
    operation: "snapshot.listByZone",
    method: "GET",
    path: "/snapshot/:dc",
    respond: (world, request) => list(world, request, (one) => one.zone === pathPart(request, "dc")),
  },
];

function create(world: World, request: ApiRequest): Answer {
  const cloudId = pathPart(request, "cloudid");
  const snapshot = createSnapshot(world, cloudId, request.body.name);
  const meaning = `snapshot ${snapshot.id} "${snapshot.name}" of server ${cloudId} begun`;
  return plainSuccess(world, meaning, "Snapshot creation has been started");
}

function restore(world: World, request: ApiRequest): Answer {
  const cloudId = pathPart(request, "cloudid");
  const snapshot = restoreSnapshot(world, cloudId, pathPart(request, "snapshotid"));
  const meaning = `restore of server ${cloudId} to snapshot ${snapshot.id} "${snapshot.name}" begun`;
  return plainSuccess(world, meaning, "Snapshot restore has been started", world.settings.restoreAnswer);
}

function remove(world: World, request: ApiRequest): Answer {
  const cloudId = pathPart(request, "cloudid");
  const snapshot = deleteSnapshot(world, cloudId, pathPart(request, "snapshotid"));
  const meaning = `snapshot ${snapshot.id} "${snapshot.name}" of server ${cloudId} deleted`;
  return plainSuccess(world, meaning, "Snapshot has been deleted", world.settings.deleteAnswer);
}

function listByDeploy(world: World, request: ApiRequest): Answer {
  const { accountListing } = world.settings;
  if (accountListing === "absent404") return noSuchCall(world, "GET", "http404");
  if (accountListing === "swallowed-by-cloudid") return readServer(world, "getdeploy");
  const isAsked = ["", "cloud"].includes(String(request.query.product ?? ""));
  const listing = accountSnapshots(world, () => isAsked);
  return success(world, `${count(listing.rows.length)} of the account listed`, {
    snapshots: listing.rows.map((one) => accountSnapshotRow(world, one)),
    ...wholeMeta(world, listing),
  });
}

/** The `meta` of a listing without pages. */
function wholeMeta(world: World, listing: AccountListing): Record<string, unknown> {
  if (world.settings.snapshotListingTotal === null) return {};
  return pageMeta(world, { ...listing, totalPages: 1, currentPage: 1 });
}

type Row = Parameters<typeof accountSnapshotRow>[1];

function list(world: World, request: ApiRequest, wanted: (one: Row) => boolean): Answer {
  const { snapshotListing, snapshotListingPerPage } = world.settings;
  if (snapshotListing === "absent") return noSuchCall(world, "GET");
  const listing = accountSnapshots(world, wanted);
  const page =
    snapshotListingPerPage === null
      ? undefined
      : pageOf(world, listing.rows, request.query, {
          perPage: snapshotListingPerPage,
          shift: 0,
          counted: listing.total,
        });
  const rows = (page ?? listing).rows.map((one) => listedRow(world, one));
  const meaning = `${count(rows.length)} of the account listed`;
  if (snapshotListing === "bare") return { status: 200, body: rows, meaning };
  return success(world, meaning, {
    [snapshotListing]: rows,
    ...(page === undefined ? wholeMeta(world, listing) : pageMeta(world, page)),
  });
}

function listedRow(world: World, snapshot: Row): Record<string, unknown> {
  switch (world.settings.snapshotListingFields) {
    case "likeDeploy":
      return accountSnapshotRow(world, snapshot);
    case "likeServer":
      return serverSnapshotRow(world, snapshot, "account");
    case "likeSisters":
      return sisterSnapshotRow(world, snapshot);
  }
}

function count(number: number): string {
  return number === 1 ? "1 snapshot" : `${number} snapshots`;
}
