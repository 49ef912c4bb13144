import type { Simulator } from "../../../../simulator";

/** One thing that a run deleted, overwrote or switched off, by the simulator's log. */
export interface Touched {
  kind: "deleted" | "overwritten" | "off" | "destroyed";
  cloudId: string;
  /** `<cloudId>/<snapshotId>` where it is a snapshot. */
  id: string;
}

const KINDS = {
  "snapshot.delete": "deleted",
  "snapshot.restore": "overwritten",
  "server.poweroff": "off",
  "server.destroy": "destroyed",
} as const;

/** All of it since the log was cleared, each once. */
export function touchedIn({ requests }: Simulator): Touched[] {
  const touched = requests.all().flatMap(({ operation, cloudId = "", path }): Touched[] => {
    const kind = Object.entries(KINDS).find(([name]) => name === operation)?.[1];
    const snapshot = /\/snapshot\/(\d+)\//.exec(path)?.[1];
    return kind === undefined
      ? []
      : [{ kind, cloudId, id: snapshot === undefined ? cloudId : `${cloudId}/${snapshot}` }];
  });
  return [...new Map(touched.map((one) => [`${one.kind} ${one.id}`, one])).values()];
}
