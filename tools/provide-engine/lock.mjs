import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EngineError } from "./failure.mjs";
import { processRuns } from "./process.mjs";
import { discard, scratchName } from "./scratch.mjs";

const POLL_MS = 250;
const HEARTBEAT_MS = 5_000;
/** For an owner whose process cannot be looked up: on another host, or its number was given to another one. */
const SILENT_OWNER_MS = 120_000;
/** A waiter that died while it removed a dead owner's lock, which takes milliseconds. */
const ABANDONED_TAKEOVER_MS = 60_000;
/** So often the lock may be neither free nor anybody's before it counts as unusable (10 seconds). */
const MAX_OWNERLESS_LOOKS = 40;

/**
 * Waits for the lock and takes it. The lock is a folder with its owner's file in it. It is made aside and renamed
 * into place, so that it is never there without its owner.
 * @param {string} folder where the lock lives; must exist
 * @param {{onWait: (owner: {pid: number, host: string, since: string}) => void, signal?: AbortSignal}} options
 *   `onWait` is called at each look at a living owner
 * @returns {Promise<{release: () => Promise<void>}>}
 */
export async function takeLock(folder, { onWait, signal }) {
  const lock = path.join(folder, ".lock");
  const mine = await prepareOwnership(folder);
  let ownerless = 0;
  try {
    for (;;) {
      const obstacle = await moveIntoPlace(mine.aside, lock);
      if (obstacle === undefined) {
        return hold(lock, mine.token);
      }
      const owner = await readOwner(lock);
      ownerless = owner === undefined ? ownerless + 1 : 0;
      if (ownerless > MAX_OWNERLESS_LOOKS) {
        const advice = "If nothing else makes an engine at this moment, remove that folder.";
        throw new EngineError("ENGINE_PLACE", `${lock} cannot be taken: ${obstacle.message}. ${advice}`);
      }
      if (owner !== undefined && !isAlive(owner)) {
        await removeDeadOwnersLock(folder, lock, owner);
      } else {
        if (owner !== undefined) {
          onWait(owner);
        }
        await sleep(POLL_MS, undefined, { signal });
      }
    }
  } catch (error) {
    await rm(mine.aside, { recursive: true, force: true });
    throw error;
  }
}

async function prepareOwnership(folder) {
  const token = randomUUID();
  const aside = path.join(folder, scratchName("lock"));
  await mkdir(aside);
  const owner = { token, pid: process.pid, host: os.hostname(), since: new Date().toISOString() };
  await writeFile(path.join(aside, "owner.json"), JSON.stringify(owner));
  return { token, aside };
}

async function moveIntoPlace(aside, lock) {
  try {
    await giveSignOfLife(aside);
    await rename(aside, lock);
    return undefined;
  } catch (error) {
    // Another lock is there: a folder that is not empty, for Windows a folder at all.
    if (["ENOTEMPTY", "EEXIST", "EPERM", "EACCES", "EBUSY"].includes(error.code)) {
      return error;
    }
    throw error;
  }
}

function hold(lock, token) {
  const heartbeat = setInterval(() => giveSignOfLife(lock).catch(() => undefined), HEARTBEAT_MS);
  heartbeat.unref();
  return {
    release: async () => {
      clearInterval(heartbeat);
      if ((await readOwner(lock))?.token === token) {
        await discard(lock);
      }
    },
  };
}

async function readOwner(lock) {
  try {
    const file = path.join(lock, "owner.json");
    const owner = JSON.parse(await readFile(file, "utf8"));
    return { ...owner, lastSign: (await stat(file)).mtimeMs };
  } catch {
    // Released between two looks.
    return undefined;
  }
}

function isAlive(owner) {
  const silent = Date.now() - owner.lastSign > SILENT_OWNER_MS;
  return !silent && (owner.host !== os.hostname() || processRuns(owner.pid));
}

/**
 * Of several waiters that saw the owner dead only the one that makes the mark may remove the lock, and only while
 * it still is that owner's: otherwise it would remove the living lock of a quicker waiter.
 */
async function removeDeadOwnersLock(folder, lock, owner) {
  const mark = path.join(folder, `.takeover-${owner.token}`);
  try {
    await mkdir(mark);
  } catch (error) {
    if (error.code !== "EEXIST") {
      throw error;
    }
    await dropAbandonedMark(mark);
    await sleep(POLL_MS);
    return;
  }
  try {
    if ((await readOwner(lock))?.token === owner.token) {
      await discard(lock);
    }
  } finally {
    await rm(mark, { recursive: true, force: true });
  }
}

async function dropAbandonedMark(mark) {
  const made = await stat(mark).catch(() => undefined);
  if (made !== undefined && Date.now() - made.mtimeMs > ABANDONED_TAKEOVER_MS) {
    await rm(mark, { recursive: true, force: true });
  }
}

async function giveSignOfLife(lock) {
  const now = new Date();
  await utimes(path.join(lock, "owner.json"), now, now);
}
