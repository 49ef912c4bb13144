import { buildReport, type ReportOptions } from "../../../../cli/report/builder";
import type { Cloud, Sighting } from "../../../../cli/report/cloud";
import type { Report } from "../../../../cli/report/model";
import { parseState } from "../../../../cli/stack/state";
import type { Server, Snapshot } from "../../../../client";
import { snapshotStatus } from "../../../../client/status";
import { declared, exportOf } from "./scene";

const NOW = Date.parse("2026-11-24T12:00:00Z");

export const OPTIONS: ReportOptions = {
  version: "0.1.0",
  maxAge: 86_400_000,
  failOn: ["missing", "failed", "drift", "interrupted"],
  ignore: [],
};

function snapshot(id: string, cloudId: string, name: string, day: number): Snapshot {
  return {
    id,
    cloudId,
    name,
    sizeGb: 50,
    status: snapshotStatus("Active"),
    createdAt: `2026-11-${day}T11:00:00`,
  };
}

function cloudOf(snapshots: readonly Snapshot[], servers: readonly Server[]): Cloud {
  const sightings = new Map<string, Sighting>(
    snapshots.map((one) => [`${one.cloudId}/${one.id}`, { seen: "there", snapshot: one }]),
  );
  return { askedAt: NOW, zone: "UTC", snapshots, servers, sightings };
}

const SERVERS: readonly Server[] = [
  { cloudId: "1001", hostname: "web-1" },
  { cloudId: "1002", hostname: "db-1" },
];

/** One snapshot in sync, one that was renamed, one without an owner, all of the first server. */
export function sampleReport(
  options: Partial<ReportOptions> = {},
  servers: readonly Server[] = SERVERS,
): Report {
  const snapshots = [
    snapshot("5001", "1001", "in-sync", 24),
    snapshot("5002", "1001", "renamed", 22),
    snapshot("5003", "1001", "by hand", 10),
  ];
  const state = exportOf("prod", [
    declared("prod", "web", { id: "5001", cloudId: "1001", name: "in-sync", sizeGb: 50 }),
    declared("prod", "old", { id: "5002", cloudId: "1001", name: "as declared", sizeGb: 50 }),
  ]);
  return buildReport([parseState(JSON.stringify(state), "prod.json")], cloudOf(snapshots, servers), {
    ...OPTIONS,
    ...options,
  });
}

/** The same name for everything that has one: snapshots, in sync and renamed, servers, stack and resources. */
export function hostileReport(name: string): Report {
  const snapshots = [
    snapshot("5001", "1001", name, 24),
    snapshot("5002", "1001", `${name}2`, 23),
    snapshot("5003", "1001", name, 22),
  ];
  const servers = [
    { cloudId: "1001", hostname: name },
    { cloudId: "1002", hostname: name },
  ];
  const state = exportOf(name, [
    declared(name, name, { id: "5001", cloudId: "1001", name, sizeGb: 50 }),
    declared(name, `${name}2`, { id: "5002", cloudId: "1001", name, sizeGb: 50 }),
  ]);
  const ignore = [{ match: "1002", reason: name === "" ? "none" : name, until: "2027-01-01" }];
  return buildReport([parseState(JSON.stringify(state), `file ${name}`, name)], cloudOf(snapshots, servers), {
    ...OPTIONS,
    ignore,
  });
}
