import type { simulators } from "./harness";

/** Starts a simulator that is closed after the test. */
export type Start = ReturnType<typeof simulators>;

/** Shows by HTTP that a setting does what its description says. */
export type Proof = (start: Start) => Promise<void>;
