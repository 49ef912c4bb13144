/**
 * An Utho that runs on this machine, for tests and for trying things out. It imitates the HTTP API as far as
 * it is publicly known; docs/simulator.md lists what it does not imitate.
 *
 * ```ts
 * import { startSimulator } from "pulumi-utho/simulator";
 *
 * const simulator = await startSimulator();
 * // UTHO_ENDPOINT = simulator.url, UTHO_TOKEN = simulator.token
 * await simulator.close();
 * ```
 *
 * @module pulumi-utho/simulator
 */
export type { Clock } from "./clock";
export type { SimulatorCloud } from "./control/cloud";
export type { ServerChange } from "./control/inputs";
export { readSeed, type Seed, type SeedServer, type SeedSnapshot } from "./control/seeds";
export type { OperationView, ServerView, SnapshotView } from "./control/views";
export { SimulatorError, type SimulatorErrorCode } from "./error";
export { type Fault, type FaultKind, type FaultPhase, faultPhases } from "./faults/fault";
export type { FaultQueue, PendingFault } from "./faults/queue";
export { faultKindNames } from "./faults/schema";
export type { LoggedRequest, RequestLog, SlowEnding, StruckFault } from "./http/request-log";
export { type OperationName, operationNames, writeOperationNames } from "./operations";
export { destroyConfirmation } from "./rules/destroy";
export type { OrderedOutcome, OutcomeOrder, Outcomes } from "./rules/outcomes";
export type { Image, Plan, Zone } from "./settings/catalogue";
export { defaultSettings } from "./settings/defaults";
export { mergeSettings } from "./settings/schema";
export type {
  AbsentForm,
  DeployField,
  HangUp,
  PlainAnswer,
  RateLimit,
  SimulatorSettings,
  SizeStyle,
  SlowAnswer,
  SnapshotIds,
} from "./settings/settings";
export type { Simulator, SimulatorAccount, SimulatorOptions } from "./simulator";
export { defaultServers, defaultToken, startSimulator } from "./start";
export { type OperationKind, type PowerAction, type PowerState, powerActions } from "./store/operation";
