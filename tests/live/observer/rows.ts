import { isObject, type JsonObject, objectsIn, textOf } from "../json";
import type { Exchange } from "./exchange";

/** The three places where Utho lists snapshots. */
export const LISTINGS = ["getdeploy", "snapshot", "server"] as const;
export type Listing = (typeof LISTINGS)[number];

/** How each of them is asked for, by the name that the report uses. */
export function pathOf(listing: Listing, cloudId: string): string {
  return { getdeploy: "/cloud/getdeploy?product=cloud", snapshot: "/snapshot", server: `/cloud/${cloudId}` }[
    listing
  ];
}

/** The listing that a request asked for. */
export function listingOf(exchange: Exchange, cloudId: string): Listing | undefined {
  if (exchange.method !== "GET") return undefined;
  return LISTINGS.find((listing) => exchange.path === pathOf(listing, cloudId));
}

/** The snapshots that an answer lists; undefined where it has no such list. */
export function snapshotRows(exchange: Exchange, cloudId: string): JsonObject[] | undefined {
  const listing = listingOf(exchange, cloudId);
  if (listing === undefined || !isSuccess(exchange)) return undefined;
  const json = exchange.answer?.json;
  if (listing === "server") {
    const server = serverIn(exchange, cloudId);
    return server === undefined ? undefined : objectsIn(server.snapshots);
  }
  if (Array.isArray(json)) return listing === "snapshot" ? objectsIn(json) : undefined;
  if (!isObject(json)) return undefined;
  const list = listing === "getdeploy" ? json.snapshots : (json.snapshots ?? json.snapshot ?? json.data);
  return Array.isArray(list) ? objectsIn(list) : undefined;
}

/** The server in the answer about it. */
export function serverIn(exchange: Exchange, cloudId: string): JsonObject | undefined {
  const json = exchange.answer?.json;
  if (!isObject(json)) return undefined;
  return objectsIn(json.cloud).find((server) => textOf(server.cloudid) === cloudId);
}

/** Whether the answer says in any of the known ways that the request was refused. */
export function isRefusal(exchange: Exchange): boolean {
  const { answer } = exchange;
  if (answer === undefined) return false;
  if (answer.status >= 400 && answer.status < 500) return true;
  if (answer.status >= 300 || !isObject(answer.json)) return false;
  const { status, errors } = answer.json;
  return (typeof status === "string" && /^(error|fail)/i.test(status)) || Array.isArray(errors);
}

/** Whether HTTP says success and the body does not contradict. */
export function isSuccess(exchange: Exchange): boolean {
  const { answer } = exchange;
  if (answer === undefined || answer.status < 200 || answer.status > 299) return false;
  return answer.kind !== "html" && answer.kind !== "text" && !isRefusal(exchange);
}

/** What a refusal says. */
export function messageOf(exchange: Exchange): string | undefined {
  const json = exchange.answer?.json;
  if (!isObject(json)) return undefined;
  if (typeof json.message === "string") return json.message;
  const [first] = objectsIn(json.errors);
  return typeof first?.message === "string" ? first.message : undefined;
}

/** Whether a name is one of this run's. Utho may store it in other letters and characters than it was sent. */
export function isOfRun(name: string, prefix: string): boolean {
  return lettersOf(name).startsWith(lettersOf(prefix));
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

export function isCreate(exchange: Exchange): boolean {
  return exchange.method === "POST" && exchange.path.endsWith("/snapshot/create");
}

/** The name that a create call asked for. */
export function nameAskedFor(exchange: Exchange): string | undefined {
  return isObject(exchange.sent) ? textOf(exchange.sent.name) : undefined;
}
