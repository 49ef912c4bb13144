import { textOf } from "../json";
import type { Exchange } from "./exchange";
import { LISTINGS, type Listing, listingOf, snapshotRows } from "./rows";

/** When one snapshot was seen where, in milliseconds after the answer to the call that made or deleted it. */
export interface Timeline {
  /** First answer of each listing that holds it. */
  appeared: Partial<Record<Listing, number>>;
  /** First answer of each listing that lacks it again. */
  vanished: Partial<Record<Listing, number>>;
  /** Status words in their order, with the moment at which each was first and last seen. */
  words: { listing: Listing; word: string; firstMs: number; lastMs: number }[];
}

/**
 * Puts together what all answers said of the snapshot with this id.
 * @param after the call that changed it; only later questions count
 */
export function timelineOf(
  exchanges: readonly Exchange[],
  cloudId: string,
  id: string,
  after: Exchange,
): Timeline {
  const timeline: Timeline = { appeared: {}, vanished: {}, words: [] };
  for (const exchange of exchanges) {
    const listing = listingOf(exchange, cloudId);
    const rows = snapshotRows(exchange, cloudId);
    if (listing === undefined || rows === undefined || exchange.sentAt < after.answeredAt) continue;
    const ms = exchange.answeredAt - after.answeredAt;
    const row = rows.find((one) => textOf(one.id) === id);
    if (row === undefined) {
      timeline.vanished[listing] ??= ms;
      continue;
    }
    timeline.appeared[listing] ??= ms;
    // Listed again: it had not gone, or had not come for good.
    delete timeline.vanished[listing];
    noteWord(timeline, listing, textOf(row.status), ms);
  }
  return timeline;
}

function noteWord(timeline: Timeline, listing: Listing, word: string | undefined, ms: number): void {
  if (word === undefined) return;
  const last = timeline.words.filter((one) => one.listing === listing).at(-1);
  if (last?.word === word) last.lastMs = ms;
  else timeline.words.push({ listing, word, firstMs: ms, lastMs: ms });
}

/** When the first listing with a status called it Active. */
export function activeAfter(timeline: Timeline): number | undefined {
  const moments = timeline.words.filter(({ word }) => /^active$/i.test(word)).map(({ firstMs }) => firstMs);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

/** The listings in which a snapshot was ever seen, which is where it has to vanish from. */
export function listingsThatShowed(
  exchanges: readonly Exchange[],
  cloudId: string,
  ids: ReadonlySet<string>,
): Listing[] {
  return LISTINGS.filter((listing) =>
    exchanges.some(
      (exchange) =>
        listingOf(exchange, cloudId) === listing &&
        snapshotRows(exchange, cloudId)?.some((row) => ids.has(textOf(row.id) ?? "")),
    ),
  );
}
