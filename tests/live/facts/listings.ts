import { isObject, textOf } from "../json";
import type { Exchange } from "../observer/exchange";
import { isSuccess, LISTINGS, type Listing, listingOf, snapshotRows } from "../observer/rows";
import { distinct, type Evidence, type Finding, finding } from "./finding";
import { acceptedOrRefused, shapeOfRefusal } from "./refusals";
import { rowsOfServers } from "./spelling";

/** Which calls list what. */
export function listings(evidence: Evidence): Finding[] {
  return [
    accountListing(evidence),
    snapshotListing(evidence),
    serverListing(evidence),
    pages(evidence),
    actions(evidence),
  ];
}

/** The answers of one listing, those with rows first: they show the fields. */
function answersOf({ exchanges, cloudId }: Evidence, listing: Listing): Exchange[] {
  const all = exchanges.filter((one) => listingOf(one, cloudId) === listing && one.answer !== undefined);
  return all.sort((a, b) => rowsIn(b, cloudId) - rowsIn(a, cloudId));
}

function rowsIn(exchange: Exchange, cloudId: string): number {
  return snapshotRows(exchange, cloudId)?.length ?? -1;
}

function fieldsOf(exchange: Exchange | undefined, cloudId: string): string | undefined {
  const rows = exchange === undefined ? [] : (snapshotRows(exchange, cloudId) ?? []);
  return distinct(rows.flatMap((row) => Object.keys(row)))?.replaceAll(", ", ",");
}

function accountListing(evidence: Evidence): Finding {
  const [best] = answersOf(evidence, "getdeploy");
  return finding("getdeploy", "GET /cloud/getdeploy?product=cloud", offer(best, evidence.cloudId), {
    details: { fields: fieldsOf(best, evidence.cloudId) },
    samples: [best],
  });
}

function offer(exchange: Exchange | undefined, cloudId: string): string | undefined {
  if (exchange === undefined) return undefined;
  if (snapshotRows(exchange, cloudId) !== undefined) return "offered";
  const json = exchange.answer?.json;
  if (isSuccess(exchange) && isObject(json) && "cloud" in json) return "taken for a read of a server";
  return `not offered: ${shapeOfRefusal(exchange)}`;
}

function snapshotListing(evidence: Evidence): Finding {
  const [best] = answersOf(evidence, "snapshot");
  const json = best?.answer?.json;
  const shape = Array.isArray(json)
    ? "a bare list"
    : isObject(json)
      ? ["snapshots", "snapshot", "data"].find((key) => Array.isArray(json[key]))
      : undefined;
  const listed = best !== undefined && rowsIn(best, evidence.cloudId) >= 0;
  const answer = best === undefined ? undefined : listed ? shape : `not offered: ${shapeOfRefusal(best)}`;
  return finding("snapshot-listing", "Shape of GET /snapshot: the name of its list", answer, {
    details: { fields: fieldsOf(best, evidence.cloudId) },
    samples: [best],
  });
}

function serverListing(evidence: Evidence): Finding {
  const [best] = answersOf(evidence, "server");
  const fields = fieldsOf(best, evidence.cloudId);
  const answer =
    fields === undefined
      ? undefined
      : fields.split(",").includes("status")
        ? "with a status"
        : "without a status";
  return finding("server-listing", "Snapshots in GET /cloud/{id}", answer, {
    details: { fields, agree: agreement(evidence) },
    samples: [best],
  });
}

/** Whether the last answers of all listings named the same snapshots of this run. */
function agreement(evidence: Evidence): string | undefined {
  const last = LISTINGS.flatMap((listing) => {
    const answered = evidence.exchanges.filter((one) => listingOf(one, evidence.cloudId) === listing);
    const rows = answered
      .map((one) => snapshotRows(one, evidence.cloudId))
      .filter((one) => one !== undefined);
    const final = rows.at(-1);
    if (final === undefined) return [];
    return [
      final
        .map(({ id }) => textOf(id) ?? "")
        .filter((id) => evidence.own.has(id))
        .sort()
        .join(),
    ];
  });
  return last.length < 2
    ? undefined
    : new Set(last).size === 1
      ? "the last answers of all listings agree"
      : "the last answers differ";
}

function pages({ probes: { onePerPage, beyondTheEnd } }: Evidence): Finding {
  if (onePerPage === undefined) return finding("pages", "Pages of GET /cloud", undefined);
  const rows = rowsOfServers(onePerPage);
  const json = onePerPage.answer?.json;
  const meta = isObject(json) && isObject(json.meta) ? json.meta : {};
  const beyond = beyondTheEnd === undefined ? undefined : rowsOfServers(beyondTheEnd).length;
  const end =
    beyondTheEnd !== undefined && isSuccess(beyondTheEnd)
      ? beyond === 0
        ? "an empty list"
        : "rows nevertheless"
      : (acceptedOrRefused(beyondTheEnd) ?? "not asked");
  const kept = rows.length === 1 ? "perpage is kept" : `perpage=1 gave ${rows.length} rows`;
  return finding("pages", "Pages of GET /cloud", `${kept}; beyond the end: ${end}`, {
    details: {
      meta: distinct(Object.entries(meta).map(([key, value]) => `${key}: ${typeof value}`)),
      rowsCarrySnapshots: rows.some((row) => "snapshots" in row),
    },
    samples: [onePerPage, beyondTheEnd],
  });
}

function actions({ probes }: Evidence): Finding {
  const json = probes.actions?.answer?.json;
  const list = isObject(json) && Array.isArray(json.actions) ? json.actions.filter(isObject) : [];
  const offered = probes.actions === undefined ? undefined : acceptedOrRefused(probes.actions);
  return finding("actions", "GET /actions", offered, {
    details: {
      fields: distinct(list.flatMap((row) => Object.keys(row)))?.replaceAll(", ", ","),
      statuses: distinct(list.map(({ status }) => textOf(status))),
      kinds: distinct(list.map(({ action }) => textOf(action))),
    },
    samples: [probes.actions],
  });
}
