import type { Clock } from "./clock";
import type { SimulatorCloud } from "./control/cloud";
import type { SeedServer, SeedSnapshot } from "./control/seeds";
import type { FaultQueue } from "./faults/queue";
import type { RequestLog } from "./http/request-log";
import type { SimulatorSettings } from "./settings/settings";

/** Options of `startSimulator`. */
export interface SimulatorOptions {
  /** Port to listen on; default 0: any free one. */
  port?: number | undefined;
  /** Address to listen on; default "127.0.0.1". Control answers on loopback only, whatever this is. */
  host?: string | undefined;
  /** The token that the API accepts; default "simulated-token". */
  token?: string | undefined;
  /** A second token of the same account, which may only read; default: no such token. */
  readOnlyToken?: string | undefined;
  /** Further accounts; default none. Faults, the request log and the clock are shared. */
  accounts?: readonly SimulatorAccount[] | undefined;
  /** Open points of Utho's API and durations; the rest has its default. */
  settings?: Partial<SimulatorSettings> | undefined;
  /** Servers that are there from the start; default: 1001 "web-1" with 50 GB and 1002 "db-1" with 80 GB. */
  servers?: readonly SeedServer[] | undefined;
  /** Snapshots that are there from the start; default none. */
  snapshots?: readonly SeedSnapshot[] | undefined;
  /** Where the time comes from; default: the machine's clock. `advance` works on top of any. */
  clock?: Clock | undefined;
  /** Whether it keeps the process alive that started it; default true. Without, a test that forgets `close` still ends. */
  keepsAlive?: boolean | undefined;
}

/** A further account, with servers of its own. */
export interface SimulatorAccount {
  /** The token that opens it. */
  token: string;
  /** Changes to the settings of the first account; default: `accountId` counts up from 701. */
  settings?: Partial<SimulatorSettings> | undefined;
  /** Servers that are there from the start; default none. */
  servers?: readonly SeedServer[] | undefined;
  /** Snapshots that are there from the start; default none. */
  snapshots?: readonly SeedSnapshot[] | undefined;
}

/** A running simulator. */
export interface Simulator {
  /** Base of the imitated API, for example "http://127.0.0.1:40123/v2". */
  readonly url: string;
  /** Base of the control API, for example "http://127.0.0.1:40123/_simulator". */
  readonly controlUrl: string;
  /** The port that it listens on. */
  readonly port: number;
  /** The token that the API accepts. */
  readonly token: string;
  /** How things truly are, and changes behind a client's back. */
  readonly cloud: SimulatorCloud;
  /**
   * The cloud of the account that this token opens.
   *
   * @throws SimulatorError `SIMULATOR_UNKNOWN_ID` where it opens none.
   */
  cloudOf(token: string): SimulatorCloud;
  /** What goes wrong: faults that wait for their requests. */
  readonly faults: FaultQueue;
  /** All requests to the imitated API. */
  readonly requests: RequestLog;
  /** Moves the simulator's clock forward. */
  advance(ms: number): void;
  /** Stops listening and destroys open connections. */
  close(): Promise<void>;
}
