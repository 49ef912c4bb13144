import type { Server } from "../../client";

/** Whether a server is switched on. Utho knows the words Running and Stopped, and Active for a server as a whole. */
export function isRunning(server: Server | undefined): boolean {
  return /^(running|active|on|powered ?on)$/i.test(
    (server?.powerStatus ?? server?.status ?? "").trim().replace(/[_-]+/g, " "),
  );
}

/** Whether a server is switched off. Where nobody tells, it is taken to run: switching it on again does no harm. */
export function isOff(server: Server | undefined): boolean {
  return isOffWord(server?.powerStatus ?? server?.status ?? "");
}

/** Whether the word says "off"; Utho knows Stopped, the others are what such APIs say too. */
export function isOffWord(word: string): boolean {
  return /^(stopped|off|halted|inactive|(powered|shut) ?(off|down))$/i.test(
    word.trim().replace(/[_-]+/g, " "),
  );
}

/** The server's own words about how it is. */
export function wordsOf(server: Server | undefined): string {
  if (server === undefined) return "not listed";
  const words = [server.status, server.powerStatus].filter((word) => word !== undefined && word !== "");
  return words.length > 0 ? words.join(", ") : "no status told";
}
