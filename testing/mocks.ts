import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { ProviderFailure } from "../provider/failure";
import { PROVIDER_TYPE } from "../sdk/forwarder";
import type { SimulatorSettings } from "../simulator";
import { type SeedServer, type SeedSnapshot, type Simulator, startSimulator } from "../simulator";
import { type Given, MockedAccount } from "./account";
import { type Declared, writtenInputs } from "./declared";
import { answerOf } from "./lookups";
import { BEHIND, type ResourceKind } from "./providers";
import { type Program, Run, type RunOptions } from "./run";
import { type GivenInputs, readInputs, withSecrets } from "./secrets";

/** What the mocks answer from. All of it may be left out. */
export interface UthoMocksOptions {
  /** Servers of the account. @default 1001 "web-1" with 50 GB and 1002 "db-1" with 80 GB */
  servers?: readonly SeedServer[] | undefined;
  /** Snapshots that are there already. @default none */
  snapshots?: readonly SeedSnapshot[] | undefined;
  /** How this Utho behaves, as docs/simulator.md lists it, for example `{ snapshotOutcome: "failed" }`. */
  settings?: Partial<SimulatorSettings> | undefined;
  /**
   * The moment of the test, ISO 8601. Time stands still but for the provider's waiting, which takes no real time.
   * @default the moment of the call
   */
  now?: string | undefined;
  /** Stack configuration such as `{ "utho:takeoverWindow": "0" }`. @default what the test gave to Pulumi itself */
  config?: Readonly<Record<string, string>> | undefined;
  /**
   * Further accounts, by the logical name of the `Provider` that the program declares for each. A Provider that is not
   * named here is one for the account above.
   * @default none
   */
  accounts?: Readonly<Record<string, Pick<UthoMocksOptions, "servers" | "snapshots">>> | undefined;
  /** Answers for the resources and functions of other providers. */
  fallback?: Partial<pulumi.runtime.Mocks> | undefined;
}

/**
 * Mocks for `pulumi.runtime.setMocks` that answer as Utho would: behind each resource stands this package's own
 * provider, and behind that an Utho that is simulated in this process. So ids, names, sizes, costs and errors are
 * those of a real run.
 *
 * ```ts
 * import * as utho from "pulumi-utho";
 * import { fixtures, uthoMocks } from "pulumi-utho/testing";
 *
 * const mocks = await uthoMocks(fixtures.twoServers);
 * const outputs = await mocks.run(() => ({ id: new utho.Snapshot("web", { cloudId: "1001" }).id }));
 * await mocks.close();
 * ```
 *
 * Errors: `SIMULATOR_BAD_SEED`, `SIMULATOR_BAD_SETTING`.
 */
export async function uthoMocks(options: UthoMocksOptions = {}): Promise<UthoMocks> {
  const simulator = await simulatorOf(options, options);
  const accounts: Record<string, Simulator> = {};
  for (const [name, account] of Object.entries(options.accounts ?? {})) {
    accounts[name] = await simulatorOf(account, options);
  }
  return new UthoMocks(simulator, options, accounts);
}

function simulatorOf(
  account: Pick<UthoMocksOptions, "servers" | "snapshots">,
  { settings, now }: UthoMocksOptions,
): Promise<Simulator> {
  const { servers, snapshots = [] } = account;
  const moment = now === undefined ? Date.now() : Date.parse(now);
  return startSimulator({
    servers,
    snapshots,
    settings: { timeZone: "UTC", ...settings },
    clock: { now: () => moment },
    keepsAlive: false,
  });
}

/** See {@link uthoMocks}. */
export class UthoMocks implements pulumi.runtime.Mocks {
  /** Resources of this package that the program has declared, in the order in which they were registered. */
  readonly declared: Declared[] = [];
  /** Warnings and notes that `pulumi up` would show beside a resource. */
  readonly warnings: string[] = [];
  private readonly home = mkdtempSync(join(tmpdir(), "pulumi-utho-mocks-"));
  private own: MockedAccount;
  /** By the id of their Provider. */
  private readonly others = new Map<string, MockedAccount>();
  private current: Run | undefined;

  constructor(
    /** The Utho behind the mocks: how things truly are, faults to come, and the calls that were made. */
    readonly simulator: Simulator,
    private readonly options: UthoMocksOptions,
    /** The Utho behind each of the further accounts, by the name of its Provider. */
    readonly accounts: Readonly<Record<string, Simulator>> = {},
  ) {
    this.own = this.accountAt(simulator, () => undefined);
  }

  /**
   * Runs a program as one `pulumi up` would, and ends when all of its resources are there. Sets these mocks itself.
   * @returns what the program exports, plain: outputs awaited, secrets in clear, `undefined` for the unknown
   * @throws what stopped the program, or the first resource that could not be made, with the error's code
   */
  async run(program: Program, options: RunOptions = {}): Promise<Record<string, unknown>> {
    this.own = this.accountAt(this.simulator, () => undefined);
    this.others.clear();
    const run = new Run(this, options);
    this.current = run;
    try {
      return await run.outputsOf(program);
    } finally {
      this.current = undefined;
    }
  }

  /** Called by Pulumi for each resource. */
  async newResource(args: pulumi.runtime.MockResourceArgs): Promise<pulumi.runtime.MockResourceResult> {
    if (args.type === PROVIDER_TYPE) return this.newProvider(args);
    const behind = BEHIND[args.type];
    if (behind === undefined) return this.ofOthers(args);
    const given = readInputs(args.inputs);
    const read = args.id !== undefined && args.id !== "";
    const declared: Declared = {
      kind: behind.kind,
      name: args.name,
      inputs: writtenInputs(given.inputs),
      read,
    };
    this.declared.push(declared);
    const { current } = this;
    try {
      const made = await this.make(
        behind.kind,
        given,
        read ? args.id : undefined,
        this.accountOf(args.provider),
      );
      if (made.outputs !== undefined) Object.assign(declared, { id: made.id, outputs: made.outputs });
      const secrets = new Set([...behind.secretOutputs, ...given.secrets]);
      return { id: made.id, state: withSecrets(made.outputs ?? declared.inputs, secrets) };
    } catch (error) {
      const failure = named(error, declared);
      declared.failure = failure.message;
      if (current === undefined) throw failure;
      return current.failed(failure);
    }
  }

  /** Called by Pulumi for each look-up. */
  async call(args: pulumi.runtime.MockCallArgs): Promise<pulumi.runtime.MockCallResult> {
    try {
      return await this.answer(args);
    } catch (error) {
      throw withDetails(error);
    }
  }

  /** Stops the simulated Utho. */
  async close(): Promise<void> {
    rmSync(this.home, { recursive: true, force: true });
    await Promise.all([this.simulator, ...Object.values(this.accounts)].map((one) => one.close()));
  }

  private async answer(args: pulumi.runtime.MockCallArgs): Promise<pulumi.runtime.MockCallResult> {
    const { inputs } = readInputs(args.inputs);
    const answer = await answerOf(this.accountOf(args.provider).configured(), args.token, inputs);
    if (answer !== undefined) return answer;
    const { fallback } = this.options;
    if (fallback?.call !== undefined) return fallback.call(args);
    throw new ProviderFailure({
      code: "UTHO_TEST_NO_ANSWER",
      attempted: `answer ${args.token} for the program under test`,
      because: "it is no look-up of pulumi-utho.",
      kept: "nothing was touched.",
      next: "give uthoMocks a `fallback` whose `call` answers it.",
    });
  }

  private async ofOthers(args: pulumi.runtime.MockResourceArgs): Promise<pulumi.runtime.MockResourceResult> {
    const { fallback } = this.options;
    if (fallback?.newResource !== undefined) return fallback.newResource(args);
    return { id: args.id || `${args.name}-id`, state: args.inputs };
  }

  /** What the engine does for a resource that is new, or only read. */
  private async make(
    kind: ResourceKind,
    given: GivenInputs,
    id: string | undefined,
    account: MockedAccount,
  ): Promise<{ id: string | undefined; outputs?: Record<string, unknown> }> {
    const provider = account.provider(kind);
    if (id !== undefined) {
      const { props } = await provider.read(id, {});
      return { id, outputs: props };
    }
    const { inputs, failures } = await provider.check({}, given.inputs);
    if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
    if (pulumi.runtime.isDryRun()) return { id: undefined };
    const created = await provider.create(inputs);
    return { id: created.id, outputs: created.outs };
  }

  private newProvider({ name, inputs }: pulumi.runtime.MockResourceArgs): pulumi.runtime.MockResourceResult {
    const id = `${name}-${this.others.size + 1}`;
    const { inputs: given } = readInputs(inputs);
    const said: Given = (key) => (typeof given[key] === "string" ? given[key] : undefined);
    this.others.set(id, this.accountAt(this.accounts[name] ?? this.simulator, said));
    return { id, state: inputs };
  }

  /** The account of a resource or a look-up: Pulumi passes the URN and the id of its provider. */
  private accountOf(provider: string | undefined): MockedAccount {
    const [id = ""] = (provider ?? "").split("::").slice(-1);
    return this.others.get(id) ?? this.own;
  }

  private accountAt(simulator: Simulator, said: Given): MockedAccount {
    const { config } = this.options;
    const note = (text: string): void => void this.warnings.push(text);
    const given: Given = (key) => said(key) ?? config?.[key] ?? pulumi.runtime.getConfig(key);
    return new MockedAccount(simulator, this.home, note, given);
  }
}

/** The failure with the resource that it is about, as `pulumi up` shows it in the resource's row. */
function named(error: unknown, { kind, name }: Declared): Error {
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${kind} "${name}": ${message}`, { cause: error });
}

/** Pulumi shows the program only gRPC's field `details` of a failed call. */
function withDetails(error: unknown): unknown {
  return error instanceof Error ? Object.assign(error, { details: error.message }) : error;
}
