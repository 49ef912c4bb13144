import type { OperationName } from "../operations";
import type { Image, Plan, Zone } from "./catalogue";

/** At most `requests` in each window of `windowMs`; the rest gets HTTP 429. */
export interface RateLimit {
  /** How many requests a window allows. */
  requests: number;
  /** Length of the window in milliseconds; the first request opens it. */
  windowMs: number;
  /** Whether the 429 carries a `Retry-After` in seconds. */
  retryAfter: boolean;
}

/** The body of a success that says nothing more: `{status,message}`, no body at all, or `null`. */
export type PlainAnswer = "object" | "empty" | "null";

/** How a call that does not exist is answered: HTTP 401 with `Not Found GET`, HTTP 404, or HTTP 200 without a body. */
export type AbsentForm = "http404" | "http401" | "empty200";

/** A field of deploy that can be required. */
export type DeployField = "auth" | "cpumodel" | "root_password";

/** What it does when a client hangs up before a slow answer: the request is undone, or it goes on. */
export type HangUp = "undoes" | "goesOn";

/** A call that holds the line before it answers. */
export interface SlowAnswer {
  /** For how long; `null`: until the client hangs up, no answer ever comes. */
  forMs: number | null;
  /**
   * `atArrival`: the work begins when the request arrives and can be seen from then on; only the answer is late.
   * `withAnswer`: nothing can be seen until the line has been held for so long; with `forMs: null`, until the hang-up.
   */
  effect: "atArrival" | "withAnswer";
  /** What the hang-up of a client does. Work that a hang-up undoes does not end before its answer is sent. */
  hangUp: HangUp;
}

/** Some snapshots by their ids, or all. */
export type SnapshotIds = "all" | readonly string[];

/** How 50 gigabytes are written. */
export type SizeStyle = "50GB" | "50 GB" | "50" | "number";

/**
 * One field for every point that Utho leaves open, and one for every duration.
 * Durations are milliseconds of the simulator's clock.
 */
export interface SimulatorSettings {
  /** How a refusal looks: inside HTTP 200, or as HTTP 4xx in one of two shapes. */
  errorStyle: "status200" | "http4xx-status-message" | "http4xx-errors-list";
  /** A missing or wrong token: always HTTP 401, or in `errorStyle`. */
  refusedTokenStyle: "http401" | "errorStyle";
  /** Message of the refusal of a token. */
  refusedTokenWording: string;
  /** Message of the refusal of a write with a token that may only read. */
  readOnlyWording: string;
  /** How that refusal looks: in `errorStyle`, or with this HTTP status. */
  readOnlyStyle: "errorStyle" | "http401" | "http403";
  /** Writes that no token may do, by the names of the operations; refused as with a token that may only read. */
  forbiddenCalls: readonly OperationName[];
  /** How a call that the API does not have is answered. */
  unknownRoute: AbsentForm;
  /** Calls that the API does not have, by the name of the operation. */
  absentCalls: Readonly<Partial<Record<OperationName, AbsentForm>>>;
  /** Writes that are answered with success and never happen, by the names of the operations. */
  ignoredCalls: readonly OperationName[];
  /** Whether a success carries `"status":"success"`. */
  statusField: "present" | "missing";
  /** Bytes written before every JSON body. */
  strayBytes: string;
  /** Ids as strings, as numbers, or `mixed`: strings in answers about servers, numbers in account listings. */
  idsAs: "string" | "number" | "mixed";
  /** Counts (cpu, ram) and prices (cost) as strings, as numbers, or `mixed`: strings for counts, numbers for prices. */
  numbersAs: "mixed" | "string" | "number";
  /** How the 50 gigabytes of a snapshot or a plan are written. */
  sizeStyle: SizeStyle;
  /** How the 50 gigabytes of a server's disk are written. */
  diskSizeStyle: SizeStyle;
  /** IANA zone in which the cloud writes its wall times; a data centre can have one of its own (`zones`). */
  timeZone: string;
  /** IANA zone of the times of servers, where it is another one; `null`: that of `timeZone`. */
  serverTimeZone: string | null;
  /** IANA zone of the times of actions, where it is another one; `null`: that of `timeZone`. */
  actionTimeZone: string | null;
  /** How far the cloud's own clock is ahead of the simulator's (negative: behind). */
  clockSkewMs: number;
  /** Body of an accepted power call. */
  powerAnswer: PlainAnswer;
  /** Body of an accepted restore. */
  restoreAnswer: PlainAnswer;
  /** Body of an accepted snapshot deletion. */
  deleteAnswer: PlainAnswer;
  /** Calls that hold the line before they answer, by the name of the operation. A refusal is never held. */
  slowAnswers: Readonly<Partial<Record<OperationName, SlowAnswer>>>;
  /** Rate limit of the whole API, counted for each token; `null`: none. */
  rateLimit: RateLimit | null;
  /** Message of a refusal about something that does not exist. */
  notFoundWording: string;
  /** The same about a server; `null`: `notFoundWording`. */
  serverNotFoundWording: string | null;

  /** `GET /cloud/getdeploy`: offered, HTTP 404, or taken for a read of the server called "getdeploy". */
  accountListing: "offered" | "absent404" | "swallowed-by-cloudid";
  /** Shape of `GET /snapshot` and `GET /snapshot/{dc}`; `absent`: as `unknownRoute` says. */
  snapshotListing: "snapshots" | "data" | "bare" | "absent";
  /**
   * Fields of a row of `GET /snapshot`: those of getdeploy; those of a server's own list (no server id, no status);
   * or those of its sisters: with server id and data centre, and no status.
   */
  snapshotListingFields: "likeDeploy" | "likeServer" | "likeSisters";
  /** Rows of a page of `GET /snapshot` where `perpage` is not given; `null`: it has no pages. */
  snapshotListingPerPage: number | null;
  /** How many snapshots, the first ones, a listing of the account can show; `null`: all. */
  snapshotListingCap: number | null;
  /** The `meta.total` of each listing of the account: those that it can show, or all; `null`: only pages have one. */
  snapshotListingTotal: "shown" | "all" | null;
  /** Whether the snapshots inside a server's answer carry a `status`. */
  statusInServerList: boolean;
  /** Whether the rows of `GET /cloud` carry their `snapshots`. */
  serverListHasSnapshots: boolean;
  /** How late a new snapshot appears in the account's listings. */
  accountListingLagMs: number;
  /** How late a new snapshot appears in its server's own answer. */
  serverListingLagMs: number;
  /** For how long after a creation, rename or deletion the account's listings still show the state before it. */
  listingsDisagreeForMs: number;
  /** What the account's listings leave out: so many of the newest snapshots, or these ids. */
  bulkListingLacks: number | readonly string[];
  /** How late a new server appears in `GET /cloud` (its own read knows it at once). */
  newServerListingLagMs: number;
  /** Rows of a page when `perpage` is not given. */
  defaultPerPage: number;
  /** Upper bound of `perpage`. */
  maxPerPage: number;
  /** Whether listings with pages look at `page`, or always answer with the first one. */
  pageParameter: "honoured" | "ignored";
  /** The `meta.total` of listings with pages: right, left out, or the number of rows of this page. */
  metaTotal: "right" | "missing" | "rowsOfPage";
  /** Rows by which `GET /cloud` moves between two pages: positive repeats rows, negative skips rows. */
  pageShift: number;
  /** `GET /cloud/{cloudid}` of an unknown server: an empty `cloud` list, or a refusal. */
  unknownServer: "emptyList" | "statusError";

  /** From the creation of a snapshot to its final status. */
  snapshotDurationMs: number;
  /** How snapshots end: usable, failed, or never ready. */
  snapshotOutcome: "active" | "failed" | "never";
  /** Status word of a snapshot in the making. */
  pendingStatusWord: string;
  /** Status word of a failed snapshot. */
  failureWord: string;
  /** From the deletion of a snapshot to its disappearance. */
  deleteDurationMs: number;
  /** Status word of a snapshot that is being deleted. */
  deletingStatusWord: string;
  /** The `storage` of new snapshots: general, ebs or another word. */
  storageWord: string;
  /** A second snapshot of one name on one server. */
  duplicateNames: "accept" | "refuse";
  /** Longest accepted snapshot name, in characters. */
  nameMaxLength: number;
  /** A longer name: refused, or cut. */
  longNames: "refuse" | "cut";
  /** Characters that a name may have, as between the brackets of a regular expression: `a-z0-9-`; `null`: any. */
  allowedNameCharacters: string | null;
  /** Message of the refusal of a name that is too long or has other characters; `null`: it says what is wrong. */
  nameRefusalWording: string | null;
  /**
   * How a name is stored: as sent; in lower case; with hyphens for what is no letter and no digit; as `slug`: both;
   * or without blanks around it.
   */
  storedNames: "asSent" | "lowerCase" | "hyphens" | "slug" | "trimmed";
  /** How many snapshots an account may have; `null`: any number. */
  snapshotLimit: number | null;
  /** How many snapshots a server may have; `null`: any number. */
  serverSnapshotLimit: number | null;
  /** Message of the refusal of one more. */
  snapshotLimitWording: string;
  /** Snapshots, by id or all, whose deletion is refused. */
  lockedSnapshots: SnapshotIds;
  /** Message of that refusal. */
  lockedWording: string;
  /** Snapshots, by id or all, whose deletion is accepted, ends well, and leaves them where they are. */
  stayingSnapshots: SnapshotIds;
  /** A snapshot of a server that is not switched off: taken, or refused. */
  runningSnapshots: "accept" | "refuse";
  /** Message of that refusal. */
  runningSnapshotWording: string;
  /** A snapshot named under a server that is not its own: not found, or refused in words of its own. */
  foreignSnapshot: "notFound" | "refused";
  /** Whether snapshots outlive the server that they were taken from. */
  snapshotsSurviveServer: boolean;
  /** Deleting a snapshot whose server is gone: works, or the server is not found. */
  orphanSnapshotDelete: "accept" | "notFound";

  /** A second operation on a server that has one under way. */
  busyRule: "refuse" | "accept";
  /** How the busy refusal looks: in `errorStyle`, or with this HTTP status. */
  busyStyle: "errorStyle" | "http409" | "http423" | "http429";
  /** Message of the busy refusal. */
  busyWording: string;
  /** Whether the deletion of a snapshot is such an operation too. */
  deletesCountAsBusy: boolean;

  /** From the restore call until the server runs again. */
  restoreDurationMs: number;
  /** How restores end: done, failed (the disk as it was), or never. */
  restoreOutcome: "restores" | "fails" | "never";
  /**
   * A server whose disk is of another size than the snapshot: restored, or refused; or only a smaller one is refused,
   * or accepted until the restore fails.
   */
  restoreDiskRule: "any" | "sameSize" | "notSmaller" | "failsIfSmaller";
  /** Message of that refusal. */
  restoreDiskWording: string;
  /** Power state after a restore of a stopped server. */
  restoreLeaves: "running" | "asBefore";
  /** From a power call to its effect. */
  powerDurationMs: number;
  /** Whether poweroff works, or is accepted and ignored by the server. */
  powerOffOutcome: "stops" | "hangs";
  /** How long after the end of a poweroff, which says success, the server is really off. */
  powerOffLateByMs: number;
  /** What the server shows in that time. */
  powerOffLateShows: "Running" | "Stopped";
  /** Switching on what runs, or off what is off. */
  redundantPower: "accept" | "refuse";
  /** The `status` of a server that is switched off. */
  stoppedServerStatus: "Stopped" | "Active";
  /** The `powerstatus` of a server that is switched off. */
  stoppedPowerWord: "Stopped" | "Shutdown";
  /** From deploy until the server is Active. */
  deployDurationMs: number;
  /** For how long a fresh server is then imaged: Active, switched off and busy, until it starts by itself. */
  imagingDurationMs: number;
  /** How deployments end: Active, failed, or never. */
  deployOutcome: "active" | "failed" | "never";
  /** From the destroy call until the server is gone. */
  destroyDurationMs: number;
  /** Host names that deploy refuses, beside those that are not well formed. */
  refusedHostnames: readonly string[];
  /** Fields without which, or with an empty value of which, deploy refuses. */
  requiredDeployFields: readonly DeployField[];
  /** A `cpumodel` that is not the default of its data centre: taken, or refused. */
  otherCpuModels: "accept" | "refuse";
  /** A plan whose disk is smaller than the snapshot: the disk grows, or deploy refuses. */
  smallPlans: "grow" | "refuse";
  /** The password in the answer of deploy: the one that was sent, if any, or always another one. */
  deployPassword: "asSent" | "another";
  /** Data centres that have no room, by slug: deploy refuses. */
  fullZones: readonly string[];
  /** How a full data centre refuses: with the error code NONODEFOUND, or with a word on resources. */
  fullZoneRefusal: "NONODEFOUND" | "resourceUnavailable";
  /** What destroys a server: the sentence or its hostname as `confirm`, its hostname as `confirm_name`, or any of them. */
  destroyConfirmation: "sentence" | "hostname" | "confirmName" | "any";
  /** Message of the refusal of a destruction that is not confirmed; `null`: it asks for what is missing. */
  unconfirmedWording: string | null;
  /** Deploying a snapshot in another data centre than its own. */
  crossZoneDeploy: "refuse" | "accept";

  /** The `id` of `GET /account/info`. */
  accountId: string;
  /** Its `kyc`. */
  accountKyc: string;
  /** Its `verify`. */
  accountVerify: string;
  /** Its `availablecredit`. */
  availableCredit: number;
  /** Least credit for a new snapshot or server; below it they are refused. */
  leastCredit: number;
  /** Message of that refusal. */
  lowCreditWording: string;
  /** The `currency` of the account. */
  currency: string;
  /** Its `currencyprefix`. */
  currencyPrefix: string;
  /** Its `currencyrate`. */
  currencyRate: string;

  /** Data centres; deploy refuses others. */
  zones: readonly Zone[];
  /** Server sizes; deploy refuses others. */
  plans: readonly Plan[];
  /** Operating system images; deploy refuses others. */
  images: readonly Image[];
}
