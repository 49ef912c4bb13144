import {
  type CheckResult,
  checkInputs,
  type Demand,
  type Fail,
  FLAG,
  type RawInputs,
} from "../engine/inputs";
import { isUnknown } from "../engine/values";
import { checkSource } from "../utho/names";

const GIVEN: Readonly<Record<string, Demand>> = {
  safetySnapshot: FLAG,
  acknowledgeDataLoss: FLAG,
  acknowledgeMoving: FLAG,
};

export function checkRestore(news: RawInputs): CheckResult {
  return checkInputs(news, GIVEN, (inputs, fail) => {
    checkSource(inputs, fail);
    checkAcknowledged(inputs, fail);
    checkStandsStill(inputs, fail);
  });
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
