import * as pulumi from "@pulumi/pulumi";
import type { OnRemove, RotationEntry, RotationFailure, RotationLoss } from "../provider/rotation/contract";
import type { RotationOutputs } from "../provider/rotation/state";
import { ROTATION_FORWARDER, ROTATION_TYPE } from "./forwarder";
import { Declaration, declared, isOfType, type ResourceKind } from "./resource";

/**
 * What a {@link SnapshotRotation} keeps, by the rules of `restic forget`. Every rule judges by itself, and one that
 * wants to keep a snapshot is enough. Periods in which nothing was taken use no count up. `-1` means all.
 */
export interface SnapshotRotationKeepArgs {
  /** The newest N. */
  last?: pulumi.Input<number | undefined>;
  /** The newest of each of the last N hours that have one. */
  hourly?: pulumi.Input<number | undefined>;
  /** The newest of each of the last N days that have one. */
  daily?: pulumi.Input<number | undefined>;
  /** The same of ISO weeks, which begin on Mondays. */
  weekly?: pulumi.Input<number | undefined>;
  /** The same of months. */
  monthly?: pulumi.Input<number | undefined>;
  /** The same of years. */
  yearly?: pulumi.Input<number | undefined>;
  /** All within this time before the newest one: years, months, weeks, days and hours, such as `"14d"` or `"1y6m"`. */
  within?: pulumi.Input<string | undefined>;
  /** The newest of each hour within this time before the newest one. */
  withinHourly?: pulumi.Input<string | undefined>;
  /** The same of days. */
  withinDaily?: pulumi.Input<string | undefined>;
  /** The same of ISO weeks. */
  withinWeekly?: pulumi.Input<string | undefined>;
  /** The same of months. */
  withinMonthly?: pulumi.Input<string | undefined>;
  /** The same of years. */
  withinYearly?: pulumi.Input<string | undefined>;
}

/** What a program says of a {@link SnapshotRotation}. A change of any of it is an update and never a replacement. */
export interface SnapshotRotationArgs {
  /** Id of the server, as Utho numbers it. Exactly one of `cloudId` and `cloudIds` is given. */
  cloudId?: pulumi.Input<string | undefined>;
  /**
   * Ids of several servers; their order means nothing. Each has a retention of its own. The snapshots of a server that
   * is taken out are kept, or deleted, as `onRemove` says.
   */
  cloudIds?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /**
   * How often a snapshot is taken. Whole days (`"24h"`, `"7d"`) are days of the calendar in `timeZone`: the first
   * `pulumi up` of a day that wants a snapshot takes it, whenever that of the day before was taken. What divides a day
   * (`"12h"`, `"1h"`) counts from midnight likewise. Anything else (`"36h"`) counts from the newest snapshot, less a
   * 24th of it, at most an hour.
   */
  every: pulumi.Input<string>;
  /**
   * From when on a day a snapshot is due, by the clock of `timeZone`, such as `"02:00"`: a day begins then, and the
   * first `pulumi up` after it takes the snapshot, however late. `every` is one or more whole days then. Where the clock
   * shows this time twice, the first counts; where it skips it, an hour later does.
   * @default midnight
   */
  at?: pulumi.Input<string | undefined>;
  /**
   * In which hours a snapshot is due, instead of `at`: `["01:00", "05:00"]`, or `["22:00", "04:00"]` over midnight. A
   * `pulumi up` that begins outside of them takes nothing, so that one on each merge switches no server off at noon
   * (`powerOff`); also a new server waits for its first window. A window without any `pulumi up` is missed, and the next
   * one is waited for; after that, and for a server without any snapshot at once, the first `pulumi up` takes it at any
   * hour. A window that is missed is announced.
   */
  between?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** What is kept of the older ones. A policy that would keep nothing is refused (`UTHO_ROTATION_INPUT`). */
  keep: pulumi.Input<SnapshotRotationKeepArgs>;
  /**
   * The IANA time zone of `at` and `between`, in which hours, days, weeks, months and years begin, such as `"Asia/Kolkata"`.
   * @default "UTC"
   */
  timeZone?: pulumi.Input<string | undefined>;
  /**
   * So many good snapshots of each server always stay, whatever `keep` says; 1 or more.
   * @default 1
   */
  minKeep?: pulumi.Input<number | undefined>;
  /**
   * What the snapshots' names begin with: `<namePrefix>-<6 hex>-<UTC time>`. At most 80 letters, digits, `.`, `_`, `-`,
   * of which the names have the first 16.
   * What this rotation made under earlier prefixes stays its own. No two rotations of a stack may share one
   * (`UTHO_ROTATION_PREFIX_TAKEN`).
   * @default `<stack>-<logical name>`
   */
  namePrefix?: pulumi.Input<string | undefined>;
  /**
   * Switch each server off for a consistent image, and bring it back to the power state that it had.
   * @default false
   */
  powerOff?: pulumi.Input<boolean | undefined>;
  /**
   * With `powerOff`: how long a server may be off before its snapshot has begun, such as `"10m"`. Then it is switched on
   * again, whatever Utho answers, and its snapshot fails. Once the snapshot has begun, the server is off until it is
   * Active.
   * @default "10m"
   */
  maxDowntime?: pulumi.Input<string | undefined>;
  /**
   * Take nothing and delete nothing for the time being.
   * @default false
   */
  paused?: pulumi.Input<boolean | undefined>;
  /**
   * What becomes of the snapshots when the resource is removed, or a server is taken out: `"keep"` or `"delete"`.
   * `"expire"`, of a server: the rotation goes on pruning by `keep`, as if it still took snapshots there, until all have
   * aged out; of the resource itself: as `"keep"`.
   * @default "keep"
   */
  onRemove?: pulumi.Input<OnRemove | undefined>;
  /**
   * For an account whose limit on snapshots is as large as what `keep` keeps: where a snapshot is due, the oldest one
   * that it makes unneeded is deleted before it is taken, never below `minKeep`. If the take fails, there is one fewer.
   * Without it, nothing that the policy keeps is deleted before the new one is Active.
   * @default false
   */
  makeRoom?: pulumi.Input<boolean | undefined>;
  /** Ids in the output `losses` that you know of: they are listed and reported no more. Such as `["1001/5001"]`. */
  acknowledgeLosses?: pulumi.Input<pulumi.Input<string>[] | undefined>;
}

/**
 * Snapshots of one server or of many, taken on a schedule and kept by a policy. Utho has no schedule of its own: each
 * `pulumi up`, from cron or CI, takes what is due and then deletes what the policy does not keep. `pulumi preview`
 * shows beforehand what that will be.
 *
 * ```ts
 * import * as utho from "pulumi-utho";
 *
 * const nightly = new utho.SnapshotRotation("nightly", {
 *   cloudIds: ["1001", "1002"],
 *   every: "24h",
 *   keep: { daily: 7, weekly: 4, monthly: 12 },
 * });
 * export const next = nightly.nextDue;
 * ```
 *
 * Nothing is deleted before the new snapshot is Active, and nothing but what this rotation made: its snapshots are known
 * by their names. When some servers fail, the others go on; the failed ones are reported, and the next `up` tries them again
 * (`UTHO_ROTATION_INCOMPLETE`).
 *
 * Timeouts (`customTimeouts`): create and update 30 minutes for each server, counted from its turn; delete 10 minutes
 * for each snapshot, or as long as a longer `update`.
 */
export class SnapshotRotation extends pulumi.CustomResource {
  /** Every snapshot of the rotation by its id, `<cloudId>/<snapshotId>`, each with the reasons why it is kept. */
  declare readonly snapshots: pulumi.Output<Record<string, RotationEntry>>;
  /**
   * By id: snapshots that the policy would still keep and that are gone, though the rotation did not delete them. A loss
   * is listed until `acknowledgeLosses` names it, or the policy would no longer keep it. `undefined`: in a state of an
   * earlier version, until there is one.
   */
  declare readonly losses: pulumi.Output<Record<string, RotationLoss> | undefined>;
  /**
   * By the server's id: the newest good snapshot, `<cloudId>/<snapshotId>`, and so another one after each snapshot that
   * is taken. SnapshotRestore refuses it (`UTHO_RESTORE_MOVING`): give it the id of the snapshot that is meant, as text.
   */
  declare readonly newest: pulumi.Output<Record<string, string>>;
  /** When the next snapshot of any of the servers is due, ISO 8601 in UTC; `undefined` while paused. */
  declare readonly nextDue: pulumi.Output<string | undefined>;
  /** Price of all of them together a month, of those whose size is known: Utho's list price, in `costCurrency`. */
  declare readonly monthlyCost: pulumi.Output<number>;
  /** `"INR"`, also where the account is billed in another currency: Utho's list price is in rupees. */
  declare readonly costCurrency: pulumi.Output<string | undefined>;
  /**
   * What went wrong in the last run, by server; empty if nothing did. A stack output that exports it, or `newest`, shows
   * a failed run's values only after the next good one: after an error Pulumi leaves a program's outputs as they were.
   * `pulumi-utho report` reads the resource itself.
   */
  declare readonly failures: pulumi.Output<RotationFailure[]>;
  /** Six hex digits in the names of this rotation's snapshots. */
  declare readonly mark: pulumi.Output<string>;
  /** Every prefix that this rotation has used. */
  declare readonly prefixes: pulumi.Output<string[]>;

  /** Whether a value is a SnapshotRotation, also one of another copy of this package. */
  static override isInstance(value: unknown): value is SnapshotRotation {
    return pulumi.CustomResource.isInstance(value) && isOfType(value, ROTATION_TYPE);
  }

  /**
   * Declares a rotation.
   *
   * @param name logical name, unique among the resources of its type in the stack; part of the URN
   * @param args of which servers, how often, and what is kept
   * @param opts Pulumi's resource options, `customTimeouts` among them
   * @throws an error `UTHO_INPUT_UNKNOWN` where an input is not one of these, `UTHO_INPUT_TIMEOUT` where
   * `customTimeouts` holds no durations, `UTHO_IMPORT` where the option `import` is set,
   * `UTHO_PACKAGE_NOT_FOUND` where the program's folder does not have this package
   */
  constructor(name: string, args: SnapshotRotationArgs, opts: pulumi.CustomResourceOptions = {}) {
    const declaration = new Declaration(KIND, name, args, opts);
    try {
      super(ROTATION_TYPE, name, declaration.props, opts);
      // State holds each as a line of JSON.
      this.snapshots = this.snapshots.apply(async (lines) => {
        const { opened } = await import("../provider/rotation/state.js");
        return opened(lines);
      });
    } catch (error) {
      throw declaration.placed(error);
    } finally {
      declaration.end();
    }
    declared(this);
  }
}

const KIND: ResourceKind<SnapshotRotationArgs, SnapshotRotation> = {
  type: ROTATION_TYPE,
  forwarder: ROTATION_FORWARDER,
  inputs: {
    cloudId: true,
    cloudIds: true,
    every: true,
    at: true,
    between: true,
    keep: true,
    timeZone: true,
    minKeep: true,
    namePrefix: true,
    powerOff: true,
    maxDowntime: true,
    paused: true,
    onRemove: true,
    makeRoom: true,
    acknowledgeLosses: true,
  },
  outputs: {
    snapshots: undefined,
    losses: undefined,
    newest: undefined,
    nextDue: undefined,
    monthlyCost: undefined,
    costCurrency: undefined,
    failures: undefined,
    mark: undefined,
    prefixes: undefined,
  } satisfies Record<keyof RotationOutputs, undefined>,
  insteadOfImport:
    "leave the option out: a rotation finds the snapshots that it made by their names. Others become resources of their own by `npx --no pulumi-utho adopt`.",
};
