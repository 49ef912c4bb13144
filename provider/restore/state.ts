import { type RawInputs, textOf, textsOf, timeoutsOf } from "../engine/inputs";
import type { Phase, RestoreState } from "./contract";

const PHASES: readonly Phase[] = ["safe", "unsure", "sent", "restored"];

/** A state's outputs, whatever version of this package wrote them: what is missing or of another type is left out. */
export function asRestoreState(props: RawInputs): RestoreState {
  const text = (key: string): string | undefined => textOf(props, key);
  return {
    snapshotId: text("snapshotId") ?? "",
    cloudId: text("cloudId") ?? "",
    serverName: text("serverName"),
    snapshotName: text("snapshotName"),
    snapshotCreatedAt: text("snapshotCreatedAt"),
    restoredSnapshotId: text("restoredSnapshotId"),
    restoredAt: text("restoredAt"),
    safetySnapshotId: text("safetySnapshotId"),
    safetySnapshotName: text("safetySnapshotName"),
    // A phase that cannot be read must never fire a restore.
    phase: PHASES.find((phase) => phase === props.phase) ?? "restored",
    triggersDigest: text("triggersDigest"),
    done: textsOf(props, "done"),
    actionId: text("actionId"),
    resourceUrn: text("resourceUrn"),
    timeouts: timeoutsOf(props),
  };
}
