import { complete } from "../../client/compact";
import {
  type CheckFailure,
  type CheckResult,
  checkGiven,
  checkTimeouts,
  type Demand,
  type Fail,
  FLAG,
  failInto,
  flagOf,
  type RawInputs,
  textOf,
  timeoutsOf,
} from "../engine/inputs";
import { isUnknown } from "../engine/values";
import { checkSource, sourceIn } from "../utho/names";
import { ORIGINS, type RestoreInputs } from "./contract";

const GIVEN: Readonly<Record<string, Demand>> = {
  safetySnapshot: FLAG,
  acknowledgeDataLoss: FLAG,
  acknowledgeMoving: FLAG,
};

/** Checks the inputs of a SnapshotRestore. */
export function checkRestore(news: RawInputs): CheckResult {
  const failures: CheckFailure[] = [];
  const fail = failInto(failures);
  const inputs: Record<string, unknown> = { ...news };
  checkSource(inputs, fail);
  checkGiven(inputs, GIVEN, fail);
  checkTimeouts(inputs, fail);
  checkAcknowledged(inputs, fail);
  checkStandsStill(inputs, fail);
  return { inputs, failures };
}

function checkAcknowledged(inputs: RawInputs, fail: Fail): void {
  if (inputs.safetySnapshot !== false) return;
  if (inputs.acknowledgeDataLoss === true || isUnknown(inputs.acknowledgeDataLoss)) return;
  fail(
    "acknowledgeDataLoss",
    "UTHO_RESTORE_DATA_LOSS",
    "safetySnapshot is false, so the server's present data would be lost for ever; leave safetySnapshot out, or set acknowledgeDataLoss: true",
  );
}

/** The newest snapshot of a rotation is another one after each night, so the job of that night would restore it. */
function checkStandsStill({ origin, acknowledgeMoving }: RawInputs, fail: Fail): void {
  if (origin !== "rotation" || acknowledgeMoving === true || isUnknown(acknowledgeMoving)) return;
  fail(
    "snapshot",
    "UTHO_RESTORE_MOVING",
    'the snapshot is an output of a SnapshotRotation: with each snapshot that it takes, the server would be overwritten again; give the id of the snapshot that is meant, such as "1001/9001", or set acknowledgeMoving: true',
  );
}

/** Inputs that `check` has passed, as the lifecycle reads them. */
export function asRestoreInputs(checked: RawInputs): RestoreInputs {
  return complete<RestoreInputs>({
    snapshot: sourceIn(checked) ?? "",
    triggers: checked.triggers,
    safetySnapshot: flagOf(checked, "safetySnapshot"),
    acknowledgeDataLoss: flagOf(checked, "acknowledgeDataLoss"),
    acknowledgeMoving: flagOf(checked, "acknowledgeMoving"),
    origin: ORIGINS.find((one) => one === checked.origin),
    mark: textOf(checked, "mark"),
    resourceUrn: textOf(checked, "resourceUrn"),
    timeouts: timeoutsOf(checked),
  });
}
