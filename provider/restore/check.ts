import {
  type CheckFailure,
  type CheckResult,
  checkFlag,
  checkTimeouts,
  type Fail,
  failInto,
  flagOf,
  type RawInputs,
  textOf,
  timeoutsOf,
} from "../inputs";
import { isUnknown } from "../unknown";
import type { RestoreInputs } from "./contract";

/** Checks the inputs of a SnapshotRestore. */
export function checkRestore(news: RawInputs): CheckResult {
  const failures: CheckFailure[] = [];
  const fail = failInto(failures);
  const inputs: Record<string, unknown> = { ...news };
  checkSnapshotId(inputs, fail);
  checkFlag(inputs, "safetySnapshot", fail);
  checkFlag(inputs, "acknowledgeDataLoss", fail);
  checkTimeouts(inputs, fail);
  checkAcknowledged(inputs, fail);
  return { inputs, failures };
}

/** `<cloudId>/<snapshotId>`; a snapshot's number alone would not say which server is meant. */
export function checkSnapshotId(inputs: Record<string, unknown>, fail: Fail): void {
  const value = inputs.snapshotId;
  if (isUnknown(value)) return;
  if (typeof value === "string") inputs.snapshotId = value.trim();
  if (typeof value === "string" && /^\d{1,20}\/\d{1,20}$/.test(value.trim())) return;
  fail(
    "snapshotId",
    "UTHO_ID_FORMAT",
    `${JSON.stringify(value ?? null)} is not the id of a snapshot: wanted <cloudId>/<snapshotId>, such as "1001/9001", as Snapshot.id shows it`,
  );
}

function checkAcknowledged(inputs: RawInputs, fail: Fail): void {
  if (inputs.safetySnapshot !== false) return;
  if (inputs.acknowledgeDataLoss === true || isUnknown(inputs.acknowledgeDataLoss)) return;
  fail(
    "acknowledgeDataLoss",
    "UTHO_RESTORE_DATA_LOSS",
    "safetySnapshot is false, so what the server holds now would be lost for ever; leave safetySnapshot out, or set acknowledgeDataLoss: true",
  );
}

/** Inputs that `check` has passed, as the lifecycle reads them. */
export function asRestoreInputs(checked: RawInputs): RestoreInputs {
  return {
    snapshotId: textOf(checked, "snapshotId") ?? "",
    triggers: checked.triggers,
    safetySnapshot: flagOf(checked, "safetySnapshot"),
    acknowledgeDataLoss: flagOf(checked, "acknowledgeDataLoss"),
    resourceUrn: textOf(checked, "resourceUrn"),
    timeouts: timeoutsOf(checked),
  };
}
