import { randomBytes } from "node:crypto";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processRuns } from "./process.mjs";

const SCRATCH = /^\.(?:lock|making|discarded)-(\d+)-[0-9a-f]+$/;

/** A name beside the engine that shows its owner, so that what a killed run left can be recognised. */
export function scratchName(purpose) {
  return `.${purpose}-${process.pid}-${randomBytes(4).toString("hex")}`;
}

/** Makes an empty folder on the same file system as the engine's place. */
export async function makeScratch(root) {
  const folder = path.join(root, scratchName("making"));
  await mkdir(folder);
  return folder;
}

/** Removes a folder at one moment for everybody else: away by a rename first, its content afterwards. */
export async function discard(folder) {
  const away = path.join(path.dirname(folder), scratchName("discarded"));
  try {
    await renamePatiently(folder, away);
  } catch (error) {
    if (error.code === "ENOENT") {
      return;
    }
    throw error;
  }
  await rm(away, { recursive: true, force: true, maxRetries: 3 });
}

/** Puts a finished folder where the engine belongs, in place of what may be there. */
export async function putInPlace(finished, place) {
  await discard(place);
  await renamePatiently(finished, place);
}

/** Removes what killed runs left. Called under the lock; what belongs to a living process stays. */
export async function removeLeftovers(root) {
  for (const name of await readdir(root)) {
    const owner = SCRATCH.exec(name)?.[1];
    if (owner !== undefined && !processRuns(Number(owner))) {
      await rm(path.join(root, name), { recursive: true, force: true, maxRetries: 3 });
    }
  }
}

/** On Windows a virus scanner holds fresh files open for a moment. */
async function renamePatiently(from, to) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (
        process.platform !== "win32" ||
        attempt === 10 ||
        !["EPERM", "EACCES", "EBUSY"].includes(error.code)
      ) {
        throw error;
      }
      await sleep(200);
    }
  }
}
