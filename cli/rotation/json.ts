import type { Forecast, ServerForecast, SnapshotForecast } from "./forecast";

/** The plans for programs. Times are ISO 8601 in UTC, sizes in GB, costs in INR a month; null: not known, or never due. */
export function forecastJson(forecasts: readonly Forecast[], now: number): unknown {
  return { now: iso(now), rotations: forecasts.map(rotationJson) };
}

function rotationJson({ subject, summary, servers, unknown, saved, bill, grown }: Forecast): unknown {
  const { every, at, between, keep, timeZone, minKeep, paused } = subject.settings;
  return {
    name: subject.name,
    policy: { every, at, between, keep, timeZone, minKeep },
    paused,
    summary,
    servers: servers.map(serverJson),
    unknownServers: unknown,
    saved,
    grown: grown ?? null,
    bill: { ...bill, full: bill.full ?? null, keptWhenFull: bill.keptWhenFull ?? null },
  };
}

function serverJson({ dueAt, diskSizeGb: _disk, snapshots, ...server }: ServerForecast): unknown {
  return {
    ...server,
    dueAt: Number.isFinite(dueAt) ? iso(dueAt) : null,
    snapshots: snapshots.map(snapshotJson),
  };
}

function snapshotJson(snapshot: SnapshotForecast): unknown {
  const { takenAt, sizeGb, monthlyCost } = snapshot;
  return { ...snapshot, takenAt: iso(takenAt), sizeGb: sizeGb ?? null, monthlyCost: monthlyCost ?? null };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
