import { isObject, type JsonObject, objectsIn, textOf } from "../json";
import type { Exchange } from "../observer/exchange";
import { isSuccess, listingOf, snapshotRows } from "../observer/rows";
import { byPlace, callOf, distinct, type Evidence, type Finding, finding } from "./finding";
import { serverOf, shapeOfRefusal } from "./refusals";

/** How answers are written, whatever they say. */
export function spelling(evidence: Evidence): Finding[] {
  return [
    statusField(evidence),
    strayBytes(evidence),
    emptyBodies(evidence),
    trailingSlash(evidence),
    idTypes(evidence),
    numberTypes(evidence),
    sizeStyle(evidence),
  ];
}

function statusField({ exchanges }: Evidence): Finding {
  const answered = exchanges.filter((one) => isSuccess(one) && isObject(one.answer?.json));
  const value = ({ answer }: Exchange): string =>
    isObject(answer?.json) ? (textOf(answer.json.status) ?? "missing") : "missing";
  const answer = byPlace(answered.map((one) => [callOf(one), value(one)]));
  return finding("status-field", "Whether a success carries a status, and which word", answer);
}

function strayBytes({ exchanges }: Evidence): Finding {
  const json = exchanges.filter(({ answer }) => answer?.kind === "json");
  const stray = json.filter(({ answer }) => (answer?.stray ?? "") !== "");
  const spelled = distinct(stray.map(({ answer }) => JSON.stringify(answer?.stray.slice(0, 40))));
  const share = stray.length === json.length ? "every" : "some";
  const answer = stray.length === 0 ? "none" : `${spelled} before ${share} JSON answer`;
  const details = { json: json.length, withStrayBytes: stray.length };
  return finding("stray-bytes", "Bytes before the JSON of an answer", answer, { details });
}

function emptyBodies({ exchanges }: Evidence): Finding {
  const empty = exchanges.filter(({ answer }) => answer?.kind === "empty" || answer?.kind === "null");
  const answer = byPlace(empty.map((one) => [callOf(one), one.answer?.kind ?? ""])) ?? "none";
  const where = distinct(empty.map(callOf));
  return finding("empty-bodies", "Calls that are answered with nothing or null", answer, {
    details: { where },
  });
}

function trailingSlash({ probes }: Evidence): Finding {
  const verdict = (with_: Exchange | undefined): string | undefined => {
    if (with_ === undefined) return undefined;
    if (with_.answer?.redirects) return `redirect, HTTP ${with_.answer.status}`;
    return isSuccess(with_) ? "accepted" : shapeOfRefusal(with_);
  };
  const places: [string, string][] = [];
  const server = verdict(probes.serverWithSlash);
  const listing = verdict(probes.listingWithSlash);
  if (server !== undefined) places.push(["GET /cloud/{id}/", server]);
  if (listing !== undefined) places.push(["GET /snapshot/", listing]);
  return finding("trailing-slash", "Paths with a slash at their end", byPlace(places), {
    samples: [probes.serverWithSlash],
  });
}

/** All snapshot rows with the listing that they stand in. */
function placedRows({ exchanges, cloudId }: Evidence): [string, JsonObject][] {
  return exchanges.flatMap((exchange) => {
    const listing = listingOf(exchange, cloudId);
    return listing === undefined
      ? []
      : (snapshotRows(exchange, cloudId) ?? []).map((row): [string, JsonObject] => [listing, row]);
  });
}

function idTypes(evidence: Evidence): Finding {
  const server = serverOf(evidence);
  const values: [string, string][] =
    server === undefined ? [] : [["server id in GET /cloud/{id}", typeof server.cloudid]];
  for (const [place, row] of placedRows(evidence)) {
    values.push([`snapshot id in ${place}`, typeof row.id]);
    if ("cloudid" in row) values.push([`server id in ${place}`, typeof row.cloudid]);
  }
  return finding("id-types", "Ids as text or as numbers", byPlace(values));
}

function numberTypes(evidence: Evidence): Finding {
  const server = serverOf(evidence) ?? {};
  const values = ["cpu", "ram", "cost"].flatMap((key): [string, string][] =>
    key in server ? [[key, typeof server[key]]] : [],
  );
  return finding("number-types", "Counts and prices as text or as numbers", byPlace(values));
}

function sizeStyle(evidence: Evidence): Finding {
  const server = serverOf(evidence);
  const values: [string, string][] = placedRows(evidence).flatMap(([place, row]): [string, string][] =>
    "size" in row ? [[`snapshot in ${place}`, patternOf(row.size)]] : [],
  );
  if (server !== undefined && "disksize" in server) values.unshift(["disk", patternOf(server.disksize)]);
  return finding("size-style", "How a size is written (N: digits)", byPlace(values));
}

function patternOf(size: unknown): string {
  if (typeof size === "number") return "number";
  return typeof size === "string" ? `"${size.replace(/\d+(\.\d+)?/g, "N")}"` : typeof size;
}

/** Also used by the facts about pages. */
export function rowsOfServers(exchange: Exchange | undefined): JsonObject[] {
  const json = exchange?.answer?.json;
  return isObject(json) ? objectsIn(json.cloud) : [];
}
