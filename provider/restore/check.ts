import { complete } from "../../client/compact";
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
} from "../engine/inputs";
import { isUnknown } from "../engine/values";
import { checkSnapshotId } from "../utho/names";
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
  return complete<RestoreInputs>({
    snapshotId: textOf(checked, "snapshotId") ?? "",
    triggers: checked.triggers,
    safetySnapshot: flagOf(checked, "safetySnapshot"),
    acknowledgeDataLoss: flagOf(checked, "acknowledgeDataLoss"),
    mark: textOf(checked, "mark"),
    resourceUrn: textOf(checked, "resourceUrn"),
    timeouts: timeoutsOf(checked),
  });
}
