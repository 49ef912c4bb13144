import type { Server } from "../client";

/** Whether a server is switched on. Utho knows the words Running and Stopped, and Active for a server as a whole. */
export function isRunning(server: Server | undefined): boolean {
  return /^(running|active|on|powered ?on)$/i.test((server?.powerStatus ?? server?.status ?? "").trim());
}

/** The server's own words about how it is. */
export function wordsOf(server: Server | undefined): string {
  if (server === undefined) return "not listed";
  const words = [server.status, server.powerStatus].filter((word) => word !== undefined && word !== "");
  return words.length > 0 ? words.join(", ") : "no status told";
}
