/**
 * For the tests of programs that declare snapshots: mocks that answer as Utho would, the simulated Utho itself,
 * accounts to begin with, and matchers for vitest and jest. docs/testing.md says which one is for what.
 *
 * @module pulumi-utho/testing
 */
export {
  type Seed,
  type SeedServer,
  type SeedSnapshot,
  type Simulator,
  type SimulatorOptions,
  type SimulatorSettings,
  startSimulator,
} from "../simulator";
export type { Declared } from "./declared";
export { type ConfigEntry, configOf, environmentOf, type SimulatorEnvironment } from "./environment";
export { type Fixture, fixtures } from "./fixtures";
export {
  type ExpectedInputs,
  type ExpectedServer,
  type ExpectedSnapshot,
  type MatcherContext,
  type MatcherResult,
  type UthoMatchers,
  uthoMatchers,
} from "./matchers";
export { UthoMocks, type UthoMocksOptions, uthoMocks } from "./mocks";
export type { ResourceKind } from "./providers";
export type { Program, RunOptions } from "./run";
