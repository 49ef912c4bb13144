import type { Evidence, Finding } from "./finding";
import { listings } from "./listings";
import { openPoints } from "./open-points";
import { refusals } from "./refusals";
import { restore } from "./restore";
import { snapshots } from "./snapshots";
import { spelling } from "./spelling";

export type { Evidence, Finding } from "./finding";
export { NOT_ASKED } from "./restore";

/** Every open point of Utho's API that a run can answer, in the report's order. */
export function findings(evidence: Evidence): Finding[] {
  return [refusals, spelling, listings, snapshots, restore, openPoints].flatMap((gather) => gather(evidence));
}
