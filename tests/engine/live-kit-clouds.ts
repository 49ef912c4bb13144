import { expect } from "vitest";
import type { SimulatorSettings } from "../../simulator";

/** What a report tells, by the finding's id: a text or a matcher of vitest's. */
type Told = Record<string, unknown>;

/** What the live kit's report must tell of a simulator that is told nothing. */
export const TOLD_BY_DEFAULT: Told = {
  "error-shape": "status+message in HTTP 200",
  "wrong-token": "status+message in HTTP 401",
  "unknown-server": "empty list in HTTP 200",
  "rate-limit": "not met",
  "status-field": "success",
  "stray-bytes": "none",
  "empty-bodies": "none",
  "id-types": "string",
  "number-types": "string (cpu, ram); number (cost)",
  "size-style": expect.stringMatching(/^number \(disk\); "NGB" \(snapshot in /),
  getdeploy: "offered",
  "snapshot-listing": "snapshots",
  "server-listing": "without a status",
  pages: "perpage is kept; beyond the end: an empty list",
  actions: "accepted",
  "create-answer": "no id",
  "name-kept": "as asked for, to the letter",
  "running-server": "accepted",
  "status-words": "Pending, Active",
  // No snapshot is Active before its time; how much later depends on the machine.
  duration: expect.stringMatching(/^(?:1\.[5-9]|[2-9]|\d{2,})/),
  "created-at": "UTC+05:30",
  storage: "general",
  busy: "refused: status+message in HTTP 200",
  "same-name": "accepted",
  delete: "accepted, an object in HTTP 200",
  "delete-again": "refused: status+message in HTTP 200",
};

/** Settings of the simulator, and what the report must tell of them. */
export const CLOUDS: {
  what: string;
  settings: Partial<SimulatorSettings>;
  restore?: boolean;
  tells: Told;
}[] = [
  {
    what: "HTTP errors as a list, numbers, bare lists, stray bytes, and a restore",
    settings: {
      errorStyle: "http4xx-errors-list",
      statusField: "missing",
      strayBytes: "\ufeff",
      idsAs: "number",
      numbersAs: "number",
      sizeStyle: "number",
      timeZone: "UTC",
      accountListing: "absent404",
      snapshotListing: "bare",
      unknownServer: "statusError",
      deleteAnswer: "empty",
      restoreAnswer: "null",
      busyStyle: "http423",
      busyWording: "Server 77881234 is locked, please try again",
      duplicateNames: "refuse",
      pendingStatusWord: "Creating",
      storageWord: "ebs",
    },
    restore: true,
    tells: {
      "error-shape": expect.stringMatching(/^errors list in HTTP 4\d\d(, errors list in HTTP 4\d\d)*$/),
      "wrong-token": "errors list in HTTP 401",
      "unknown-server": "errors list in HTTP 404",
      "status-field": "missing",
      "stray-bytes": expect.stringContaining("before every JSON answer"),
      "empty-bodies": expect.stringMatching(/empty \(DELETE .*null \(POST .*|null \(POST .*empty \(DELETE /),
      "id-types": "number",
      "number-types": "number",
      "size-style": expect.stringContaining("number"),
      getdeploy: "not offered: errors list in HTTP 404",
      "snapshot-listing": "a bare list",
      "server-listing": "without a status",
      "status-words": "Creating, Active",
      "created-at": "UTC",
      storage: "ebs",
      busy: "refused: errors list in HTTP 423",
      "same-name": expect.stringMatching(/^refused: errors list in HTTP 4/),
      delete: "accepted, empty in HTTP 200",
      restore: "accepted, null in HTTP 200",
    },
  },
  {
    what: "mixed ids, late listings, slow deletions, a server that does two things at once",
    settings: {
      errorStyle: "http4xx-status-message",
      refusedTokenStyle: "errorStyle",
      idsAs: "mixed",
      sizeStyle: "50 GB",
      timeZone: "America/St_Johns",
      clockSkewMs: 90_000,
      accountListing: "swallowed-by-cloudid",
      snapshotListing: "absent",
      statusInServerList: true,
      serverListingLagMs: 1200,
      deleteDurationMs: 1000,
      deleteAnswer: "null",
      busyRule: "accept",
    },
    tells: {
      "error-shape": "status+message in HTTP 404",
      "unknown-server": "empty list in HTTP 200",
      "size-style": 'number (disk); "N GB" (snapshot in server)',
      getdeploy: expect.stringMatching(/^(taken for a read of a server|not offered: .*)$/),
      "snapshot-listing": "not offered: status+message in HTTP 404",
      "server-listing": "with a status",
      "listing-lag": expect.stringMatching(/^server 1\.[2-9] s/),
      "created-at": expect.stringMatching(/^UTC-0[23]:30$/),
      busy: "accepted",
      "same-name": "accepted",
      delete: "accepted, null in HTTP 200",
      "delete-again": "refused: status+message in HTTP 404",
      restore: "not observed",
    },
  },
];
