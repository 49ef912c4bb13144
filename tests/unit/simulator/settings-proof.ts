import type { simulators } from "./harness";

/** Shows by HTTP that a setting does what its description says. */
export type Proof = (start: ReturnType<typeof simulators>) => Promise<void>;
