import * as pulumi from "@pulumi/pulumi";
import type { OnReplace } from "../provider/snapshot/contract";
import type { SnapshotFacts } from "../provider/utho/facts";
import { SNAPSHOT_FORWARDER, SNAPSHOT_TYPE } from "./forwarder";
import { Declaration, declared, isOfType, type ResourceKind } from "./resource";

/** What a program says of a {@link Snapshot}. */
export interface SnapshotArgs {
  /**
   * Id of the server to take the snapshot of, a number such as `"1001"`; `getServer({ name })` finds it by hostname.
   * A change takes a new snapshot before the old one is deleted (replacement).
   */
  cloudId: pulumi.Input<string>;
  /**
   * Exact name. At most 255 characters. A change by the program is a replacement; a rename made outside is shown as
   * drift and never replaces anything. A name that is already taken on that server is an error
   * (`UTHO_SNAPSHOT_NAME_TAKEN`).
   * @default `<stack>-<logical name>-<6 hex>-<UTC time>`, made when the snapshot is taken and unknown in a preview. Leave it out
   * wherever you can: only a generated name lets the next run recognise what an interrupted run left.
   */
  name?: pulumi.Input<string | undefined>;
  /**
   * Any values, for example a version or a commit. A change takes a new snapshot before the old one is deleted
   * (replacement).
   * @default none: the snapshot stays the one of its moment
   */
  triggers?: pulumi.Input<pulumi.Input<unknown>[] | Record<string, pulumi.Input<unknown>> | undefined>;
  /**
   * Power the server off for a consistent image, and bring it back to the power state it had, also when the snapshot
   * fails. Utho recommends a powered-off server; a live snapshot is allowed. Read when a snapshot is taken; a change
   * alone does nothing.
   * @default false
   */
  powerOff?: pulumi.Input<boolean | undefined>;
  /**
   * With `powerOff`: how long the server may be off before its snapshot has begun, such as `"10m"`. Then it is switched on
   * again, whatever Utho answers, and the creation fails. Once the snapshot has begun, the server is off until it is
   * Active. Read when a snapshot is taken; a change alone does nothing.
   * @default "10m"
   */
  maxDowntime?: pulumi.Input<string | undefined>;
  /**
   * Number of an existing snapshot of this server to take over instead of making one. Read at creation only. From
   * then on the resource owns it: removing the resource deletes the snapshot, unless `retainOnDelete` is set.
   */
  adoptId?: pulumi.Input<string | undefined>;
  /**
   * Wait until the snapshot is Active (2 to 10 minutes by Utho's documentation). The resource option
   * `customTimeouts.create` limits the wait.
   * @default true
   */
  waitForReady?: pulumi.Input<boolean | undefined>;
  /**
   * What becomes of the old snapshot when `triggers`, `name` or `cloudId` change: `"keep"` leaves it in Utho, in no
   * state, and it goes on costing; no later replacement takes it over or deletes it. In effect at once, also
   * where the same `pulumi up` sets it and changes `triggers`, unlike the resource option `retainOnDelete`, which the
   * engine takes from the state. Says nothing about the removal of the resource, which deletes its snapshot.
   * @default "delete", after the new one is Active
   */
  onReplace?: pulumi.Input<OnReplace | undefined>;
}

/**
 * One point-in-time image of one Utho server. Its id is `<cloudId>/<snapshotId>`.
 *
 * ```ts
 * import * as utho from "pulumi-utho";
 *
 * const nightly = new utho.Snapshot("web", { cloudId: "1001" });
 * export const id = nightly.id;
 * ```
 *
 * A new one whenever a version changes, the old one deleted after the new one is Active:
 * ```ts
 * import * as utho from "pulumi-utho";
 *
 * const version = "2.4.0";
 * new utho.Snapshot("before-upgrade", { cloudId: "1001", triggers: [version] });
 * ```
 *
 * Replaced by a changed `cloudId`, `name` or `triggers`, and by nothing else. Timeouts (`customTimeouts`): create and
 * update 30 minutes, delete 10 minutes, counted from when it is this server's turn.
 */
export class Snapshot extends pulumi.CustomResource {
  /** Utho's number of the snapshot. */
  declare readonly snapshotId: pulumi.Output<string>;
  /** The snapshot's name in Utho. */
  declare readonly name: pulumi.Output<string>;
  /** Id of the server that the snapshot was taken of. */
  declare readonly cloudId: pulumi.Output<string>;
  /** Hostname of that server when the snapshot was taken. */
  declare readonly serverName: pulumi.Output<string | undefined>;
  /** Utho's word; `Active` is usable. `Unknown` when no listing of Utho shows a status. */
  declare readonly status: pulumi.Output<string>;
  /** Stored size in GB. */
  declare readonly sizeGb: pulumi.Output<number | undefined>;
  /** Where it is stored: the data centre of the server. */
  declare readonly location: pulumi.Output<string | undefined>;
  /** Utho's storage class, such as `general` or `ebs`. */
  declare readonly storage: pulumi.Output<string | undefined>;
  /**
   * When it was made, ISO 8601 in UTC. Utho names no time zone; docs/utho-api.md says how it is found, and
   * `utho:timeZone` sets it.
   */
  declare readonly createdAt: pulumi.Output<string | undefined>;
  /** What keeping it costs a month: Utho's list price of ₹4 per GB, in `costCurrency`. */
  declare readonly monthlyCost: pulumi.Output<number | undefined>;
  /**
   * `"INR"`, also where the account is billed in another currency: Utho's list price is in rupees, and what Utho
   * makes of it in the bill is not documented. `pulumi-utho doctor` shows the account's currency.
   */
  declare readonly costCurrency: pulumi.Output<string | undefined>;

  /**
   * Reads an existing snapshot without owning it: nothing is made, changed or deleted by this program.
   * @param name logical name, unique among the snapshots of the stack
   * @param id `<cloudId>/<snapshotId>`, as `Snapshot.id` and the look-ups return it
   * @param opts Pulumi's resource options
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, opts?: pulumi.CustomResourceOptions): Snapshot {
    return new Snapshot(name, undefined, { ...opts, id });
  }

  /** Whether a value is a Snapshot, also one of another copy of this package. */
  static override isInstance(value: unknown): value is Snapshot {
    return pulumi.CustomResource.isInstance(value) && isOfType(value, SNAPSHOT_TYPE);
  }

  /**
   * Declares a snapshot.
   *
   * @param name logical name, unique among the resources of its type in the stack; part of the URN
   * @param args what it is a snapshot of; `undefined` only where the options name an id to read, as `get` does
   * @param opts Pulumi's resource options, `customTimeouts` among them
   * @throws an error `UTHO_INPUT_UNKNOWN` where an input is not one of these, `UTHO_INPUT_TIMEOUT` where
   * `customTimeouts` holds no durations, `UTHO_IMPORT` where the option `import` is set,
   * `UTHO_PACKAGE_NOT_FOUND` where the program's folder does not have this package
   */
  constructor(name: string, args: SnapshotArgs | undefined, opts: pulumi.CustomResourceOptions = {}) {
    const declaration = new Declaration(KIND, name, args, opts);
    try {
      super(SNAPSHOT_TYPE, name, declaration.props, opts);
    } catch (error) {
      throw declaration.placed(error);
    } finally {
      declaration.end();
    }
    declared(this);
  }
}

const KIND: ResourceKind<SnapshotArgs, Snapshot> = {
  type: SNAPSHOT_TYPE,
  forwarder: SNAPSHOT_FORWARDER,
  inputs: {
    cloudId: true,
    name: true,
    triggers: true,
    powerOff: true,
    maxDowntime: true,
    adoptId: true,
    waitForReady: true,
    onReplace: true,
  },
  outputs: {
    snapshotId: undefined,
    name: undefined,
    cloudId: undefined,
    serverName: undefined,
    status: undefined,
    sizeGb: undefined,
    location: undefined,
    storage: undefined,
    createdAt: undefined,
    monthlyCost: undefined,
    costCurrency: undefined,
  } satisfies Record<keyof SnapshotFacts, undefined>,
  insteadOfImport:
    '`npx --no pulumi-utho adopt` takes existing snapshots into a stack and writes the program for them; or set `adoptId` to the snapshot\'s number. To read one without owning it, use Snapshot.get(name, "<cloudId>/<snapshotId>").',
};
