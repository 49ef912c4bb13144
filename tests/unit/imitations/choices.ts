/**
 * What another imitation of Utho may choose where the live API's behaviour is unknown. Each value is as faithful to
 * what is known (docs/utho-api.md) as what our simulator chooses.
 */
export interface Choices {
  idsAs: "text" | "number";
  /** The whole of an empty list, wherever there is one. */
  emptyList: "[]" | "{}" | "null" | "missing" | '""' | "false";
  /** A list with something in it: PHP writes one with gaps as an object. */
  fullList: "list" | "object";
  unknownServer: "empty" | "refused" | "http404" | "http404errors";
  success: "status" | "silent" | "statusTrue" | "statusCode";
  /** How a call that changes something is answered when it went well. */
  done: "message" | "null" | "nothing" | "emptyObject";
  /** GET /cloud/getdeploy and GET /snapshot. */
  accountListing: "getdeploy" | "snapshot" | "snapshotBare" | "none";
  /** How a listing that is not offered is answered. */
  notOffered:
    | "htmlNotFound"
    | "asServer"
    | "notAllowed"
    | "forbidden"
    | "jsonNotFound"
    | "http401"
    | "empty200";
  serverListHasSnapshots: boolean;
  active: string;
  pending: string | null;
  /** How long a deleted snapshot stays in the account's listing, and under which word. */
  deletedStaysMs: number;
  deletedWord: string;
  /** Whether the server's own answer shows such a one too. */
  deletedStaysOnServer: boolean;
  running: string;
  stopped: string;
  size: string | number | null;
  created: "createdate" | "created_at" | "missing" | "empty";
  busy: string;
  busyStatus: number;
  duplicateNames: boolean;
  /** Paging of GET /cloud. */
  paging: "ignored" | "ignoredCounted" | "metaTexts" | "noMetaThenEmpty" | "noMetaThenLast";
  actions: "offered" | "absent" | "withoutTimes" | "newestFirst" | "odd" | "alwaysEmpty";
  /** Whether a server is seen to be off while it is restored. */
  restoreShows: boolean;
  snapshotsGoWithServer: boolean;
  /** A server that is written from an image or a snapshot; it starts by itself. */
  freshServer: "pending" | "activeAndOff";
  /** What confirms that a server is to be destroyed. */
  confirmation: "sentence" | "hostname";
  /** How "nothing" is written in a field. */
  blank: "" | null;
}

/** Every value that is tried, the plainest first. */
export const ALL: { readonly [Key in keyof Choices]: readonly [Choices[Key], ...Choices[Key][]] } = {
  idsAs: ["text", "number"],
  emptyList: ["[]", "{}", "null", "missing", '""', "false"],
  fullList: ["list", "object"],
  unknownServer: ["empty", "refused", "http404", "http404errors"],
  success: ["status", "silent", "statusTrue", "statusCode"],
  done: ["message", "null", "nothing", "emptyObject"],
  accountListing: ["getdeploy", "snapshot", "snapshotBare", "none"],
  notOffered: ["htmlNotFound", "asServer", "notAllowed", "forbidden", "jsonNotFound", "http401", "empty200"],
  serverListHasSnapshots: [true, false],
  active: ["Active", "active", "ACTIVE", "Active "],
  pending: ["Pending", "creating", "", null, "In Progress", "Queued"],
  deletedStaysMs: [0, 250, 3_600_000],
  deletedWord: ["Deleted", "Deleting", "deleted", "Removed"],
  deletedStaysOnServer: [false, true],
  running: ["Running", "running", "RUNNING", "On", ""],
  stopped: ["Stopped", "stopped", "OFF", "Powered Off", "Shutdown"],
  size: ["50GB", " 50 GB", "50.00", 50, null, ""],
  created: ["createdate", "created_at", "missing", "empty"],
  busy: [
    "Server is busy, please try again",
    "Operation already in progress",
    "Cloud is locked",
    "Please try again after some time",
    "Another task is running on this server. Retry later.",
  ],
  busyStatus: [200, 409, 422, 423],
  duplicateNames: [true, false],
  paging: ["ignored", "ignoredCounted", "metaTexts", "noMetaThenEmpty", "noMetaThenLast"],
  actions: ["offered", "absent", "withoutTimes", "newestFirst", "odd", "alwaysEmpty"],
  restoreShows: [true, false],
  snapshotsGoWithServer: [false, true],
  freshServer: ["pending", "activeAndOff"],
  confirmation: ["sentence", "hostname"],
  blank: [null, ""],
};

/** The plainest of each. */
export const PLAIN: Choices = {
  idsAs: ALL.idsAs[0],
  emptyList: ALL.emptyList[0],
  fullList: ALL.fullList[0],
  unknownServer: ALL.unknownServer[0],
  success: ALL.success[0],
  done: ALL.done[0],
  accountListing: ALL.accountListing[0],
  notOffered: ALL.notOffered[0],
  serverListHasSnapshots: ALL.serverListHasSnapshots[0],
  active: ALL.active[0],
  pending: ALL.pending[0],
  deletedStaysMs: ALL.deletedStaysMs[0],
  deletedWord: ALL.deletedWord[0],
  deletedStaysOnServer: ALL.deletedStaysOnServer[0],
  running: ALL.running[0],
  stopped: ALL.stopped[0],
  size: ALL.size[0],
  created: ALL.created[0],
  busy: ALL.busy[0],
  busyStatus: ALL.busyStatus[0],
  duplicateNames: ALL.duplicateNames[0],
  paging: ALL.paging[0],
  actions: ALL.actions[0],
  restoreShows: ALL.restoreShows[0],
  snapshotsGoWithServer: ALL.snapshotsGoWithServer[0],
  freshServer: ALL.freshServer[0],
  confirmation: ALL.confirmation[0],
  blank: ALL.blank[0],
};
