export { isTimeZone } from "../../../client/zone";
export { describePlan } from "./describe";
export { toleranceOf } from "./due";
export { planRotation } from "./fleet";
export { planServer } from "./server";
export type { KeepPolicy, Kept, RotationPolicy, RotationSnapshot, ServerPlan } from "./types";
export { parseWithin, type Within } from "./within";
