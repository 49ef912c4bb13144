export { isTimeZone } from "../../../client/zone";
export { describePlan } from "./describe";
export { parseWithin, toleranceOf, type Within } from "./periods";
export { planRotation, planServer } from "./server";
export type { KeepPolicy, Kept, RotationPolicy, RotationSnapshot, ServerPlan } from "./types";
