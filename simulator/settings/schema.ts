import * as v from "valibot";
import { SimulatorError } from "../error";
import { operationNames, writeOperationNames } from "../operations";
import type { SimulatorSettings } from "./settings";

const duration = v.pipe(v.number(), v.finite(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const atLeastOne = v.pipe(v.number(), v.integer(), v.minValue(1));
const word = v.pipe(v.string(), v.nonEmpty());
const characters = v.pipe(word, v.check(isCharacterClass, "Expected characters such as a-z0-9-"));
const snapshotIds = v.union([v.literal("all"), v.array(v.string())]);
const plainAnswer = v.picklist(["object", "empty", "null"]);

const timeZone = v.pipe(v.string(), v.check(isTimeZone, "Expected an IANA time zone"));
const absentForm = v.picklist(["http404", "http401", "empty200"]);

const zone = v.strictObject({
  slug: word,
  city: word,
  country: word,
  countryCode: word,
  defaultCpu: v.optional(word),
  timeZone: v.optional(timeZone),
});
const plan = v.strictObject({
  id: word,
  cpu: atLeastOne,
  ramMb: atLeastOne,
  diskGb: count,
  monthlyCost: v.pipe(v.number(), v.minValue(0)),
});
const image = v.strictObject({ name: word, distribution: word, version: word });
const rateLimit = v.strictObject({
  requests: count,
  windowMs: v.pipe(duration, v.minValue(1)),
  retryAfter: v.boolean(),
});

const slowAnswer = v.strictObject({
  forMs: v.nullable(duration),
  effect: v.picklist(["atArrival", "withAnswer"]),
  hangUp: v.picklist(["undoes", "goesOn"]),
});

const transport = {
  errorStyle: v.picklist(["status200", "http4xx-status-message", "http4xx-errors-list"]),
  refusedTokenStyle: v.picklist(["http401", "errorStyle"]),
  refusedTokenWording: word,
  readOnlyWording: word,
  readOnlyStyle: v.picklist(["errorStyle", "http401", "http403"]),
  forbiddenCalls: v.array(v.picklist(writeOperationNames)),
  unknownRoute: absentForm,
  absentCalls: v.record(v.picklist(operationNames), absentForm),
  ignoredCalls: v.array(v.picklist(writeOperationNames)),
  statusField: v.picklist(["present", "missing"]),
  strayBytes: v.string(),
  idsAs: v.picklist(["string", "number", "mixed"]),
  numbersAs: v.picklist(["mixed", "string", "number"]),
  sizeStyle: v.picklist(["50GB", "50 GB", "50", "number"]),
  diskSizeStyle: v.picklist(["50GB", "50 GB", "50", "number"]),
  timeZone,
  serverTimeZone: v.nullable(timeZone),
  actionTimeZone: v.nullable(timeZone),
  clockSkewMs: v.pipe(v.number(), v.finite()),
  powerAnswer: plainAnswer,
  restoreAnswer: plainAnswer,
  deleteAnswer: plainAnswer,
  slowAnswers: v.record(v.picklist(operationNames), slowAnswer),
  rateLimit: v.nullable(rateLimit),
  notFoundWording: word,
  serverNotFoundWording: v.nullable(word),
};

const listings = {
  accountListing: v.picklist(["offered", "absent404", "swallowed-by-cloudid"]),
  snapshotListing: v.picklist(["snapshots", "data", "bare", "absent"]),
  snapshotListingFields: v.picklist(["likeDeploy", "likeServer", "likeSisters"]),
  snapshotListingPerPage: v.nullable(atLeastOne),
  snapshotListingCap: v.nullable(count),
  snapshotListingTotal: v.nullable(v.picklist(["shown", "all"])),
  statusInServerList: v.boolean(),
  serverListHasSnapshots: v.boolean(),
  accountListingLagMs: duration,
  serverListingLagMs: duration,
  listingsDisagreeForMs: duration,
  bulkListingLacks: v.union([count, v.array(v.string())]),
  newServerListingLagMs: duration,
  defaultPerPage: atLeastOne,
  maxPerPage: atLeastOne,
  pageParameter: v.picklist(["honoured", "ignored"]),
  metaTotal: v.picklist(["right", "missing", "rowsOfPage"]),
  pageShift: v.pipe(v.number(), v.integer()),
  unknownServer: v.picklist(["emptyList", "statusError"]),
};

const snapshots = {
  snapshotDurationMs: duration,
  snapshotOutcome: v.picklist(["active", "failed", "never"]),
  pendingStatusWord: word,
  failureWord: word,
  deleteDurationMs: duration,
  deletingStatusWord: word,
  storageWord: v.string(),
  duplicateNames: v.picklist(["accept", "refuse"]),
  nameMaxLength: atLeastOne,
  longNames: v.picklist(["refuse", "cut"]),
  allowedNameCharacters: v.nullable(characters),
  nameRefusalWording: v.nullable(word),
  storedNames: v.picklist(["asSent", "lowerCase", "hyphens", "slug", "trimmed"]),
  snapshotLimit: v.nullable(count),
  serverSnapshotLimit: v.nullable(count),
  snapshotLimitWording: word,
  lockedSnapshots: snapshotIds,
  lockedWording: word,
  stayingSnapshots: snapshotIds,
  runningSnapshots: v.picklist(["accept", "refuse"]),
  runningSnapshotWording: word,
  foreignSnapshot: v.picklist(["notFound", "refused"]),
  snapshotsSurviveServer: v.boolean(),
  orphanSnapshotDelete: v.picklist(["accept", "notFound"]),
};

const servers = {
  busyRule: v.picklist(["refuse", "accept"]),
  busyStyle: v.picklist(["errorStyle", "http409", "http423", "http429"]),
  busyWording: word,
  deletesCountAsBusy: v.boolean(),
  restoreDurationMs: duration,
  restoreOutcome: v.picklist(["restores", "fails", "never"]),
  restoreDiskRule: v.picklist(["any", "sameSize", "notSmaller", "failsIfSmaller"]),
  restoreDiskWording: word,
  restoreLeaves: v.picklist(["running", "asBefore"]),
  powerDurationMs: duration,
  powerOffOutcome: v.picklist(["stops", "hangs"]),
  powerOffLateByMs: duration,
  powerOffLateShows: v.picklist(["Running", "Stopped"]),
  redundantPower: v.picklist(["accept", "refuse"]),
  stoppedServerStatus: v.picklist(["Stopped", "Active"]),
  stoppedPowerWord: v.picklist(["Stopped", "Shutdown"]),
  deployDurationMs: duration,
  imagingDurationMs: duration,
  deployOutcome: v.picklist(["active", "failed", "never"]),
  destroyDurationMs: duration,
  refusedHostnames: v.array(v.string()),
  requiredDeployFields: v.array(v.picklist(["auth", "cpumodel", "root_password"])),
  otherCpuModels: v.picklist(["accept", "refuse"]),
  smallPlans: v.picklist(["grow", "refuse"]),
  deployPassword: v.picklist(["asSent", "another"]),
  fullZones: v.array(v.string()),
  fullZoneRefusal: v.picklist(["NONODEFOUND", "resourceUnavailable"]),
  destroyConfirmation: v.picklist(["sentence", "hostname", "confirmName", "any"]),
  unconfirmedWording: v.nullable(word),
  crossZoneDeploy: v.picklist(["refuse", "accept"]),
  zones: v.pipe(v.array(zone), v.minLength(1)),
  plans: v.pipe(v.array(plan), v.minLength(1)),
  images: v.array(image),
};

const account = {
  accountId: word,
  accountKyc: v.string(),
  accountVerify: v.string(),
  availableCredit: v.pipe(v.number(), v.finite()),
  leastCredit: v.pipe(v.number(), v.finite()),
  lowCreditWording: word,
  currency: word,
  currencyPrefix: v.string(),
  currencyRate: v.string(),
};

const settingsSchema: v.GenericSchema<unknown, SimulatorSettings> = v.strictObject({
  ...transport,
  ...listings,
  ...snapshots,
  ...servers,
  ...account,
});

/**
 * `base` with `changes` laid over it; a change to `undefined` is no change.
 *
 * @throws SimulatorError `SIMULATOR_BAD_SETTING` that names the setting and what it can be.
 */
export function mergeSettings(base: SimulatorSettings, changes: unknown): SimulatorSettings {
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) {
    throw new SimulatorError(
      "SIMULATOR_BAD_SETTING",
      "Settings must be an object of setting names and values.",
    );
  }
  const defined = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const result = v.safeParse(settingsSchema, { ...base, ...defined });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const name = v.getDotPath(issue) ?? "settings";
  const reason = Object.hasOwn(base, name.split(".")[0] ?? "")
    ? issue.message
    : `no such setting; there are: ${Object.keys(base).join(", ")}`;
  throw new SimulatorError("SIMULATOR_BAD_SETTING", `Setting ${name}: ${reason}`);
}

function isCharacterClass(text: string): boolean {
  try {
    return new RegExp(`^[${text}]+$`, "u").source !== "";
  } catch {
    return false;
  }
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
