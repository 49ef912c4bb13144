import type { RotationInputs } from "./contract";
import type { FleetProgress } from "./fleetprogress";
import type { Membership } from "./naming";

/** What one run of a rotation is to do, the same for all its servers. */
export interface RotationOrder {
  kind: "create" | "update" | "delete";
  inputs: RotationInputs;
  membership: Membership;
  /** Ids of the snapshots that state knows. */
  known: readonly string[];
  /** Ids that earlier runs saw fail without ever being Active. */
  neverData: ReadonlySet<string>;
  /** Ids whose time earlier runs found to be uncertain. */
  misdated: ReadonlySet<string>;
  /** A rotation that is new to the state deletes nothing yet (docs/decisions/0036). */
  mayDelete: boolean;
  /** Milliseconds since the epoch; answers of the cloud from before it are too old. */
  startedAt: number;
  progress: FleetProgress;
}
