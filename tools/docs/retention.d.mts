import type { RotationPolicy, RotationSnapshot, ServerPlan } from "../../provider/rotation/plan/types";

export const SCENE: { now: number; policy: RotationPolicy; snapshots: RotationSnapshot[] };
export function drawRetention(plan: Pick<ServerPlan, "keep" | "delete">): string;
