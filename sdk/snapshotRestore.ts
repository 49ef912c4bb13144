import * as pulumi from "@pulumi/pulumi";
import type { RestoreOutputs } from "../provider/restore/contract";
import { RESTORE_FORWARDER, RESTORE_TYPE } from "./forwarder";
import { Declaration, declared, isOfType, type ResourceKind } from "./resource";
import type { Snapshot } from "./snapshot";
import { provenanceOf, withSourceId } from "./source";

/** What a program says of a {@link SnapshotRestore}. */
export interface SnapshotRestoreArgs {
  /**
   * The snapshot to put its server back to: a Snapshot, or its id `"<cloudId>/<snapshotId>"`, such as `"1001/9001"`.
   * Utho restores a snapshot only onto the server that it was taken of. A change restores once (replacement), unless
   * this resource has restored that snapshot with the same `triggers` before. What changes by itself, such as
   * `SnapshotRotation.newest`, is refused (`UTHO_RESTORE_MOVING`); see `acknowledgeMoving`.
   */
  snapshot: pulumi.Input<Snapshot | string>;
  /**
   * Any values, for example the number of a ticket. A change restores once more (replacement); a change back to
   * values that this resource has restored with before restores nothing.
   * @default none: restored once
   */
  triggers?: pulumi.Input<pulumi.Input<unknown>[] | Record<string, pulumi.Input<unknown>> | undefined>;
  /**
   * Keep the server's present state in a safety snapshot first. It is removed with this resource; its id is the
   * output `safetySnapshotId`. Read when restoring; a change alone does nothing.
   * @default true
   */
  safetySnapshot?: pulumi.Input<boolean | undefined>;
  /**
   * Must be `true` where `safetySnapshot` is `false`: what the server holds is then lost (`UTHO_RESTORE_DATA_LOSS`).
   * @default false
   */
  acknowledgeDataLoss?: pulumi.Input<boolean | undefined>;
  /**
   * Must be `true` where the snapshot is one that changes by itself: an output of a SnapshotRotation, a Snapshot that
   * the same run takes in place of another, or, once this resource exists, any other id that is not written in the
   * program. Every change of it then overwrites the server.
   * @default false
   */
  acknowledgeMoving?: pulumi.Input<boolean | undefined>;
}

/**
 * Puts a server back to a snapshot, **once** for each (snapshot, triggers) in the life of the resource. A second
 * `pulumi up`, a refresh, snapshots deleted or renamed outside, and other options restore nothing.
 *
 * ```ts
 * import * as utho from "pulumi-utho";
 *
 * const undo = new utho.SnapshotRestore("undo-upgrade", { snapshot: "1001/9001" });
 * export const before = undo.safetySnapshotId;
 * ```
 *
 * The server's disk is overwritten and the server restarts; this waits until it runs again. To undo the restore, give
 * the safety snapshot's id as `snapshot`: one changed line. Removing the resource touches no server and removes the
 * safety snapshot. A resource of another logical name is another restore: rename with the option `aliases`.
 *
 * Timeouts (`customTimeouts`): create and update 1 hour, the safety snapshot included; delete 10 minutes.
 */
export class SnapshotRestore extends pulumi.CustomResource {
  /** The snapshot that the program names, `<cloudId>/<snapshotId>`. */
  declare readonly snapshot: pulumi.Output<string>;
  /** Id of the server that was put back. */
  declare readonly cloudId: pulumi.Output<string>;
  /** Hostname of that server. */
  declare readonly serverName: pulumi.Output<string | undefined>;
  /** Name of the snapshot. */
  declare readonly snapshotName: pulumi.Output<string | undefined>;
  /** When the snapshot was made, ISO 8601 in UTC: the moment that the server is put back to. */
  declare readonly snapshotCreatedAt: pulumi.Output<string | undefined>;
  /** What this resource last put the server to. Another than `snapshot` only after a change back. */
  declare readonly restoredSnapshotId: pulumi.Output<string | undefined>;
  /** When the restore ended, ISO 8601 in UTC. */
  declare readonly restoredAt: pulumi.Output<string | undefined>;
  /** The server's state before the restore, `<cloudId>/<snapshotId>`; `undefined` without a safety snapshot. */
  declare readonly safetySnapshotId: pulumi.Output<string | undefined>;
  /** Name of the safety snapshot. */
  declare readonly safetySnapshotName: pulumi.Output<string | undefined>;

  /** Whether a value is a SnapshotRestore, also one of another copy of this package. */
  static override isInstance(value: unknown): value is SnapshotRestore {
    return pulumi.CustomResource.isInstance(value) && isOfType(value, RESTORE_TYPE);
  }

  /**
   * Declares a restore.
   *
   * @param name logical name, unique among the resources of its type in the stack; part of the URN
   * @param args which snapshot, and how
   * @param opts Pulumi's resource options, `customTimeouts` among them
   * @throws an error `UTHO_INPUT_UNKNOWN` where an input is not one of these, `UTHO_INPUT_TIMEOUT` where
   * `customTimeouts` holds no durations, `UTHO_IMPORT` where the option `import` is set,
   * `UTHO_PACKAGE_NOT_FOUND` where the program's folder does not have this package
   */
  constructor(name: string, args: SnapshotRestoreArgs, opts: pulumi.CustomResourceOptions = {}) {
    const sourced = withSourceId(args);
    const declaration = new Declaration(KIND, name, sourced, opts, { ...provenanceOf(sourced ?? {}) });
    try {
      super(RESTORE_TYPE, name, declaration.props, opts);
    } catch (error) {
      throw declaration.placed(error);
    } finally {
      declaration.end();
    }
    declared(this);
  }
}

const KIND: ResourceKind<SnapshotRestoreArgs, SnapshotRestore> = {
  type: RESTORE_TYPE,
  forwarder: RESTORE_FORWARDER,
  inputs: {
    snapshot: true,
    triggers: true,
    safetySnapshot: true,
    acknowledgeDataLoss: true,
    acknowledgeMoving: true,
  },
  former: ["snapshotId"],
  outputs: {
    snapshot: undefined,
    cloudId: undefined,
    serverName: undefined,
    snapshotName: undefined,
    snapshotCreatedAt: undefined,
    restoredSnapshotId: undefined,
    restoredAt: undefined,
    safetySnapshotId: undefined,
    safetySnapshotName: undefined,
  } satisfies Record<keyof RestoreOutputs, undefined>,
  insteadOfImport:
    "leave the option out: a restore is an event and nothing that exists in Utho. To go back to a snapshot once more, change `triggers`.",
};
