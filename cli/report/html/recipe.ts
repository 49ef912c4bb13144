import type { SnapshotEntry } from "../model";

/** How a snapshot is used: the program's line, or why it cannot be. */
interface Recipe {
  title: string;
  code: string | undefined;
}

/** A restore where the server still exists, and otherwise a new server from the snapshot. */
export function recipeOf(entry: SnapshotEntry): Recipe {
  const { id, cloudId, exists, usable, serverExists, serverName } = entry;
  if (exists === null) return { title: "It is unknown whether it exists.", code: undefined };
  if (!exists) return { title: "It is gone.", code: undefined };
  if (!usable) return { title: "Not Active, so not usable.", code: undefined };
  if (cloudId === null) return { title: "Its server is unknown.", code: undefined };
  const label = slug(serverName ?? cloudId);
  if (serverExists) {
    return {
      title: "Put the server back",
      code: `new utho.SnapshotRestore(${quote(`restore-${label}`)}, {\n  snapshot: ${quote(id)},\n});`,
    };
  }
  return {
    title: "Make a new server of it",
    code: `new utho.ServerClone(${quote(`again-${label}`)}, {\n  snapshot: ${quote(id)},\n  hostname: ${quote(label)},\n  planId: "<plan>",\n});`,
  };
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** What a hostname may be, whatever the name was. */
function slug(text: string): string {
  const clean = text
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return clean === "" ? "server" : clean.slice(0, 60);
}
