/** The power calls, by the last word of their path. */
export const powerActions = ["poweron", "poweroff", "powercycle", "hardreboot"] as const;

/** One of the power calls. */
export type PowerAction = (typeof powerActions)[number];

/** Whether a server is switched on, in Utho's words. */
export type PowerState = "Running" | "Stopped";

/** What can be done to a server. */
export type OperationKind = "deploy" | "destroy" | "restore" | "snapshot" | "deleteSnapshot" | PowerAction;

/** What an operation does to the cloud at the moment it ends in success. */
export type Effect =
  | { do: "nothing" }
  | { do: "setPower"; power: PowerState }
  | { do: "overwriteDisk"; contents: string; power: PowerState }
  | { do: "removeServer"; keepSnapshots: boolean }
  | { do: "removeSnapshot" };

/** Something that takes time on a server; also one row of the action list. */
export interface OperationRecord {
  id: string;
  kind: OperationKind;
  cloudId: string;
  snapshotId?: string;
  startedAt: number;
  /** `Infinity`: never ends by itself. */
  endsAt: number;
  outcome: "success" | "failure";
  /** Whether it makes the server busy until it ends. */
  holdsServer: boolean;
  /** The server shows as switched off until it ends. */
  stopsServer: boolean;
  effect: Effect;
  /** No listing shows it: a late effect of another one. */
  hidden?: true;
}
