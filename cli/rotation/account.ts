import { silentProgress } from "../../provider/engine/progress";
import { findServers, findSnapshots } from "../../provider/lookup";
import type { ServerInfo, SnapshotInfo } from "../../provider/lookup/types";
import { toFailure } from "../../provider/translate";
import { ProviderRuntime } from "../../provider/utho/runtime";
import type { Terminal } from "../screen/terminal";
import type { ConfigValue } from "../stack/account";

/** What the account holds, by one listing of each. */
export interface AccountView {
  servers: ReadonlyMap<string, ServerInfo>;
  snapshots: readonly SnapshotInfo[];
}

/** Looks at the account that the stack's configuration, or else the environment, names. Only reads. */
export async function viewAccount(
  config: ReadonlyMap<string, ConfigValue>,
  terminal: Terminal,
): Promise<AccountView> {
  const runtime = new ProviderRuntime({ env: terminal.env, progress: () => silentProgress });
  runtime.configure((key) => config.get(key)?.value);
  try {
    const [servers, snapshots] = await Promise.all([
      findServers(runtime, {}),
      findSnapshots(runtime, { status: "any" }, 0),
    ]);
    return { servers: new Map(servers.map((server) => [server.cloudId, server])), snapshots };
  } catch (error) {
    throw toFailure(error, "list the servers and snapshots of the account");
  }
}
