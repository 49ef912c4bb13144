import type { Observer } from "./observer/observer";
import { isCreate, isRefusal, nameAskedFor } from "./observer/rows";
import { pause } from "./pause";
import type { LiveSettings } from "./settings";
import type { Shelf, Shown } from "./shelf";

/** How the cleaning ended. */
export interface Cleaned {
  deleted: number;
  /** What is still listed, by name and id. */
  left: Shown[];
  /** Names that were asked for, may exist, and were never listed. */
  neverListed: string[];
}

/**
 * Deletes what this run made and still exists. A snapshot that was just asked for may be listed late and may refuse to
 * be deleted while it is made, so this looks again until nothing is owed any more, or patience ends.
 */
export async function cleanUp(observer: Observer, shelf: Shelf, settings: LiveSettings): Promise<Cleaned> {
  observer.guard.seal();
  const startedAt = Date.now();
  const asked = new Set<string>();
  for (;;) {
    const waited = Date.now() - startedAt;
    const left = await deleteAll(shelf, asked);
    const neverListed = neverListedNames(observer);
    const enough = left?.length === 0 && (neverListed.length === 0 || waited > settings.grace);
    if (enough) return { deleted: asked.size, left, neverListed };
    if (waited > settings.patience) {
      const remaining = left ?? everSeen(observer);
      return { deleted: Math.max(0, asked.size - remaining.length), left: remaining, neverListed };
    }
    await pause(settings.pollInterval);
  }
}

/** Asks Utho to delete all that is listed now; undefined where it does not answer, which is no proof of anything. */
async function deleteAll(shelf: Shelf, asked: Set<string>): Promise<Shown[] | undefined> {
  try {
    const listed = await shelf.look();
    for (const { id } of listed) {
      asked.add(id);
      await shelf.askToDelete(id);
    }
    return listed;
  } catch {
    return undefined;
  }
}

/** Where Utho does not answer any more: whatever was seen may be left. */
function everSeen(observer: Observer): Shown[] {
  return [...observer.guard.own].map(([id, name]) => ({ id, name, status: undefined }));
}

/** Names for which more snapshots may have been made than were ever listed. */
function neverListedNames(observer: Observer): string[] {
  const owed = new Map<string, number>();
  for (const exchange of observer.exchanges) {
    const name = nameAskedFor(exchange);
    // Where the kit hung up, the scenario has looked for what may have come of it.
    if (isCreate(exchange) && !isRefusal(exchange) && name !== undefined && exchange.hungUp !== true)
      owed.set(name, (owed.get(name) ?? 0) + 1);
  }
  let renamed = 0;
  for (const name of observer.guard.own.values()) {
    if (owed.has(name)) owed.set(name, (owed.get(name) ?? 0) - 1);
    else renamed += 1;
  }
  // What is listed under a name that was never asked for was stored under another one than was sent.
  return [...owed].filter(([, count]) => count > 0 && renamed-- <= 0).map(([name]) => name);
}
