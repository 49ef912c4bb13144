import type { ServerView, Simulator, SnapshotView } from "../simulator";
import type { Declared } from "./declared";
import { UthoMocks } from "./mocks";
import type { ResourceKind } from "./providers";

/** What a matcher answers; vitest and jest agree on it. */
export interface MatcherResult {
  /** Whether it holds, before a `not` is looked at. */
  pass: boolean;
  /** What the framework shows where the expectation fails. */
  message(): string;
}

/** The part of vitest's and jest's matcher context that is used here. */
export interface MatcherContext {
  /** Whether the expectation is negated. */
  readonly isNot?: boolean | undefined;
  /** The framework's own equality, which knows its asymmetric matchers. */
  equals(actual: unknown, expected: unknown): boolean;
}

/** What is asked of a snapshot besides its server; a text may also be one of the framework's asymmetric matchers. */
export interface ExpectedSnapshot {
  /** How many snapshots of that server are like this. @default at least one */
  count?: number | undefined;
  /** Exact name, or what it must match. */
  name?: string | RegExp | undefined;
  /** @default "Active" */
  status?: string | undefined;
  /** What the server's disk held at the moment of the snapshot. */
  contents?: string | undefined;
  /** Stored size in GB. */
  sizeGb?: number | undefined;
}

/** What is asked of a server besides its hostname. */
export type ExpectedServer = Partial<
  Pick<ServerView, "cloudId" | "powerState" | "status" | "contents" | "planId">
>;

/** Inputs that a declaration must have, each equal to the given value or matched by an asymmetric matcher. */
export type ExpectedInputs = Readonly<Record<string, unknown>>;

/** The matchers as vitest and jest offer them after `expect.extend(uthoMatchers)`. */
export interface UthoMatchers<R = unknown> {
  /** The simulator has an Active snapshot of this server. On a simulator, or on mocks. */
  toHaveSnapshotOf(cloudId: string, expected?: ExpectedSnapshot): R;
  /** The simulator has a server of this hostname. On a simulator, or on mocks. */
  toHaveServerNamed(hostname: string, expected?: ExpectedServer): R;
  /** The program declared a Snapshot: any, or one of this logical name, with these inputs. On mocks. */
  toDeclareSnapshot(name?: string, inputs?: ExpectedInputs): R;
  /** The program declared a SnapshotRestore. On mocks. */
  toDeclareSnapshotRestore(name?: string, inputs?: ExpectedInputs): R;
  /** The program declared a ServerClone. On mocks. */
  toDeclareServerClone(name?: string, inputs?: ExpectedInputs): R;
  /** The program declared a SnapshotRotation. On mocks. */
  toDeclareSnapshotRotation(name?: string, inputs?: ExpectedInputs): R;
}

/** For `expect.extend`, of vitest and of jest. Needs neither of them to be loaded. */
export const uthoMatchers = {
  /** See {@link UthoMatchers.toHaveSnapshotOf}. */
  toHaveSnapshotOf(
    this: MatcherContext,
    received: unknown,
    cloudId: string,
    expected: ExpectedSnapshot = {},
  ): MatcherResult {
    const simulator = simulatorOf(received, "toHaveSnapshotOf");
    const { count, name, ...facts } = expected;
    const wanted = { status: "Active", ...facts };
    const hits = simulator.cloud
      .snapshots(cloudId)
      .filter((one) => hasName(one, name) && hasAll(this, one, wanted));
    const pass = count === undefined ? hits.length > 0 : hits.length === count;
    const many = count === undefined ? "a snapshot" : `${count} snapshots`;
    const like = JSON.stringify({ ...wanted, ...(name === undefined ? {} : { name: String(name) }) });
    const what = `${many} of server ${cloudId} like ${like}`;
    return answer(this, pass, what, simulator.cloud.snapshots().map(snapshotLine));
  },

  /** See {@link UthoMatchers.toHaveServerNamed}. */
  toHaveServerNamed(
    this: MatcherContext,
    received: unknown,
    hostname: string,
    expected: ExpectedServer = {},
  ): MatcherResult {
    const servers = simulatorOf(received, "toHaveServerNamed").cloud.servers();
    const pass = servers.some((one) => one.hostname === hostname && hasAll(this, one, expected));
    const what = `a server named ${hostname}${likeOf(expected)}`;
    return answer(this, pass, what, servers.map(serverLine));
  },

  /** See {@link UthoMatchers.toDeclareSnapshot}. */
  toDeclareSnapshot(this: MatcherContext, received: unknown, name?: string, inputs?: ExpectedInputs) {
    return declares(this, received, "Snapshot", name, inputs);
  },

  /** See {@link UthoMatchers.toDeclareSnapshotRestore}. */
  toDeclareSnapshotRestore(this: MatcherContext, received: unknown, name?: string, inputs?: ExpectedInputs) {
    return declares(this, received, "SnapshotRestore", name, inputs);
  },

  /** See {@link UthoMatchers.toDeclareServerClone}. */
  toDeclareServerClone(this: MatcherContext, received: unknown, name?: string, inputs?: ExpectedInputs) {
    return declares(this, received, "ServerClone", name, inputs);
  },

  /** See {@link UthoMatchers.toDeclareSnapshotRotation}. */
  toDeclareSnapshotRotation(this: MatcherContext, received: unknown, name?: string, inputs?: ExpectedInputs) {
    return declares(this, received, "SnapshotRotation", name, inputs);
  },
};

function declares(
  context: MatcherContext,
  received: unknown,
  kind: ResourceKind,
  name: string | undefined,
  inputs: ExpectedInputs = {},
): MatcherResult {
  if (!(received instanceof UthoMocks)) throw new TypeError(`toDeclare${kind} is for what uthoMocks() gave`);
  const owned = received.declared.filter((one) => !one.read);
  const pass = owned.some(
    (one) =>
      one.kind === kind && (name === undefined || one.name === name) && hasAll(context, one.inputs, inputs),
  );
  const called = name === undefined ? "" : ` "${name}"`;
  return answer(context, pass, `a ${kind}${called}${likeOf(inputs)}`, owned.map(declaredLine));
}

function simulatorOf(received: unknown, matcher: string): Simulator {
  if (received instanceof UthoMocks) return received.simulator;
  if (isSimulator(received)) return received;
  throw new TypeError(`${matcher} is for a simulator, or for what uthoMocks() gave`);
}

function isSimulator(value: unknown): value is Simulator {
  return typeof value === "object" && value !== null && "cloud" in value && "faults" in value;
}

function hasName({ name }: SnapshotView, wanted: string | RegExp | undefined): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === "string" ? name === wanted : wanted.test(name);
}

function hasAll(context: MatcherContext, actual: object, expected: object): boolean {
  const facts = new Map<string, unknown>(Object.entries(actual));
  return Object.entries(expected).every(([key, value]) => context.equals(facts.get(key), value));
}

function answer({ isNot }: MatcherContext, pass: boolean, what: string, there: string[]): MatcherResult {
  const list = there.length === 0 ? "  nothing" : there.map((line) => `  ${line}`).join("\n");
  return { pass, message: () => `expected ${isNot === true ? "not " : ""}${what}; there is:\n${list}` };
}

function likeOf(expected: object): string {
  return Object.keys(expected).length === 0 ? "" : ` with ${JSON.stringify(expected)}`;
}

function snapshotLine({ id, cloudId, name, status, contents }: SnapshotView): string {
  return `${cloudId}/${id} "${name}" ${status}, of: ${contents}`;
}

function serverLine({ cloudId, hostname, status, powerState, contents }: ServerView): string {
  return `${cloudId} ${hostname} ${status} ${powerState}, holds: ${contents}`;
}

function declaredLine({ kind, name, inputs, failure }: Declared): string {
  return `${kind} "${name}" ${JSON.stringify(inputs)}${failure === undefined ? "" : ` failed: ${failure}`}`;
}
