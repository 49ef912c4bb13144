import type { World } from "../rules/world";
import type { OperationKind, OperationRecord } from "../store/operation";
import { writeId, writeTime } from "./format";

const names: Record<OperationKind, string> = {
  deploy: "Deploy Cloud",
  destroy: "Destroy Cloud",
  restore: "Restore Snapshot",
  snapshot: "Create Snapshot",
  deleteSnapshot: "Delete Snapshot",
  poweron: "Power On",
  poweroff: "Power Off",
  powercycle: "Power Cycle",
  hardreboot: "Hard Reboot",
};

/** A row of the action list. */
export function actionRow(world: World, operation: OperationRecord): Record<string, unknown> {
  const ended = operation.endsAt <= world.now();
  const status = ended ? endWord(operation) : "Pending";
  return {
    id: writeId(world, operation.id, "server"),
    action: names[operation.kind],
    resource_type: "cloud",
    resource_id: writeId(world, operation.cloudId, "server"),
    started_at: writeTime(world, operation.startedAt, { of: "action" }),
    completed_at: ended ? writeTime(world, operation.endsAt, { of: "action" }) : "",
    process: ended ? "100" : "0",
    status,
    message: `${names[operation.kind]}: ${status}`,
  };
}

/** A failed operation is one that waits for Utho's support. */
function endWord(operation: OperationRecord): string {
  return operation.outcome === "success" ? "Success" : "Support";
}
