import * as pulumi from "@pulumi/pulumi";
import type { CloneOutputs } from "../provider/clone/contract";
import { CLONE_FORWARDER, CLONE_TYPE } from "./forwarder";
import { Declaration, declared, isOfType, type ResourceKind } from "./resource";
import type { Snapshot } from "./snapshot";
import { withSourceId } from "./source";

/** What a program says of a {@link ServerClone}. */
export interface ServerCloneArgs {
  /**
   * The snapshot to make the server from: a Snapshot, or its id `"<cloudId>/<snapshotId>"`, such as `"1001/9001"`.
   * Read at creation only: another one, or one that is gone, never replaces the server.
   */
  snapshot: pulumi.Input<Snapshot | string>;
  /**
   * Hostname of the new server. A change is a replacement. Give one that no other program uses: it is how a run
   * finds the server again after Utho's answer was lost.
   */
  hostname: pulumi.Input<string>;
  /** Id of one of Utho's plans, such as `"10045"`; its disk must hold the snapshot. A change is a replacement. */
  planId: pulumi.Input<string>;
  /**
   * Data centre, such as `"innoida"`. It must be the one where the snapshot is. A change is a replacement.
   * @default where the snapshot is
   */
  dcslug?: pulumi.Input<string | undefined>;
  /** For example `"hourly"` or `"monthly"`. Read at creation only. */
  billingCycle?: pulumi.Input<string | undefined>;
  /** Numbers of SSH keys that are stored in Utho's console. Read at creation only. */
  sshKeys?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Id of a firewall. Read at creation only. */
  firewall?: pulumi.Input<string | undefined>;
  /** Id of a VPC. A change is a replacement. */
  vpcId?: pulumi.Input<string | undefined>;
  /** Whether the server gets a public address. A change is a replacement. @default Utho's own, which is true */
  enablePublicIp?: pulumi.Input<boolean | undefined>;
  /**
   * Make of processor, in Utho's words; it must suit the data centre. Read at creation only.
   * @default the one that Utho names for the data centre, where it names one
   */
  cpuModel?: pulumi.Input<string | undefined>;
  /**
   * How to log in, as Utho calls it, for example `"option2"`. No source says what its words mean, so none is derived
   * from `sshKeys` or `rootPassword`; the newest of Utho's clients requires it. Read at creation only.
   * @default Utho's own
   */
  auth?: pulumi.Input<string | undefined>;
  /**
   * Password of root; kept as a secret. Read at creation only. Utho may set another one: the output `password` says
   * which.
   * @default one that Utho generates
   */
  rootPassword?: pulumi.Input<string | undefined>;
  /**
   * Id of an existing server of this hostname to take over instead of deploying one. Read at creation only. From then
   * on the resource owns it: removing the resource destroys the server.
   */
  adoptId?: pulumi.Input<string | undefined>;
  /**
   * Take a last snapshot before the server is destroyed, on removal and on replacement. It is kept, in no state, and
   * costs money until it is deleted; the output of the run names it. Without it Active, the server is not destroyed
   * (`UTHO_CLONE_FINAL_SNAPSHOT`). Deletion then has 40 minutes by default. Set it with a `pulumi up` before a destroy.
   * @default false
   */
  finalSnapshot?: pulumi.Input<boolean | undefined>;
}

/**
 * A new server from a snapshot: for scaling out, for a test copy, for rehearsing a recovery. Its id is Utho's id of
 * the server.
 *
 * ```ts
 * import * as utho from "pulumi-utho";
 *
 * const copy = new utho.ServerClone("staging", { snapshot: "1001/9001", hostname: "staging", planId: "10045" });
 * export const ip = copy.ipv4;
 * ```
 *
 * Deployed once and waited for until Active and Running. Refresh shows a server that vanished, was switched off or
 * renamed; `pulumi up` then deploys it again, switches it on, or takes note of the name. **Removing the resource
 * destroys the server and its disk.** Timeouts (`customTimeouts`): create and update 30 minutes, delete 10 minutes.
 */
export class ServerClone extends pulumi.CustomResource {
  /** Utho's id of the server. */
  declare readonly cloudId: pulumi.Output<string>;
  /** The server's hostname. */
  declare readonly hostname: pulumi.Output<string>;
  /** Public IPv4 address. */
  declare readonly ipv4: pulumi.Output<string | undefined>;
  /** Utho's word; `Active` when ready. */
  declare readonly status: pulumi.Output<string>;
  /** Utho's word; `Running` when ready. */
  declare readonly powerStatus: pulumi.Output<string | undefined>;
  /** The generated root password, a secret; `undefined` where the server was taken over, or Utho's answer was lost. */
  declare readonly password: pulumi.Output<string | undefined>;
  /** The snapshot that the server was made from, `<cloudId>/<snapshotId>`. */
  declare readonly snapshot: pulumi.Output<string>;
  /** Id of the plan. */
  declare readonly planId: pulumi.Output<string>;
  /** Data centre. */
  declare readonly dcslug: pulumi.Output<string | undefined>;

  /** Whether a value is a ServerClone, also one of another copy of this package. */
  static override isInstance(value: unknown): value is ServerClone {
    return pulumi.CustomResource.isInstance(value) && isOfType(value, CLONE_TYPE);
  }

  /**
   * Declares a server.
   *
   * @param name logical name, unique among the resources of its type in the stack; part of the URN
   * @param args of which snapshot, and what kind of server
   * @param opts Pulumi's resource options, `customTimeouts` among them
   * @throws an error `UTHO_INPUT_UNKNOWN` where an input is not one of these, `UTHO_INPUT_TIMEOUT` where
   * `customTimeouts` holds no durations, `UTHO_IMPORT` where the option `import` is set,
   * `UTHO_PACKAGE_NOT_FOUND` where the program's folder does not have this package
   */
  constructor(name: string, args: ServerCloneArgs, opts: pulumi.CustomResourceOptions = {}) {
    const declaration = new Declaration(KIND, name, withSecrets(withSourceId(args)), opts);
    try {
      super(
        CLONE_TYPE,
        name,
        declaration.props,
        // Dynamic providers cannot mark their outputs as secret themselves.
        pulumi.mergeOptions(opts, { additionalSecretOutputs: ["password"] }),
      );
    } catch (error) {
      throw declaration.placed(error);
    } finally {
      declaration.end();
    }
    declared(this);
  }
}

function withSecrets(args: ServerCloneArgs): ServerCloneArgs {
  // A program in JavaScript may leave the arguments out altogether; another check reports that.
  const rootPassword: ServerCloneArgs["rootPassword"] = args?.rootPassword;
  return rootPassword === undefined ? args : { ...args, rootPassword: pulumi.secret(rootPassword) };
}

const KIND: ResourceKind<ServerCloneArgs, ServerClone> = {
  type: CLONE_TYPE,
  forwarder: CLONE_FORWARDER,
  inputs: {
    snapshot: true,
    hostname: true,
    planId: true,
    dcslug: true,
    billingCycle: true,
    sshKeys: true,
    firewall: true,
    vpcId: true,
    enablePublicIp: true,
    cpuModel: true,
    auth: true,
    rootPassword: true,
    adoptId: true,
    finalSnapshot: true,
  },
  former: ["snapshotId"],
  outputs: {
    cloudId: undefined,
    hostname: undefined,
    ipv4: undefined,
    status: undefined,
    powerStatus: undefined,
    password: undefined,
    snapshot: undefined,
    planId: undefined,
    dcslug: undefined,
  } satisfies Record<keyof CloneOutputs, undefined>,
  insteadOfImport:
    "set `adoptId` to the id of the server, and `hostname` to the one that it has: the resource takes it over and deploys nothing.",
};
