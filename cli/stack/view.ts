import type { Snapshot } from "../../client";
import { nearest } from "../../provider/engine/inputs";
import { silentProgress } from "../../provider/engine/progress";
import { ProviderFailure, toFailure } from "../../provider/failure";
import { findServers, findSnapshots } from "../../provider/lookup";
import { allSnapshots } from "../../provider/lookup/find";
import type { ServerInfo, SnapshotInfo } from "../../provider/lookup/types";
import { ProviderRuntime } from "../../provider/utho/runtime";
import { type Terminal, UsageError } from "../screen/terminal";
import type { ConfigValue } from "./account";
import type { ProviderConfig } from "./providers";

/** What the account holds, by one listing of each. */
export interface AccountView {
  servers: ReadonlyMap<string, ServerInfo>;
  snapshots: readonly SnapshotInfo[];
  /** The same as Utho lists them: the times are of its own clock. */
  listed: readonly Snapshot[];
  /** What `utho:timeZone` says of that clock. */
  timeZone: string | undefined;
}

/** Looks at the account that a provider of the program, or the stack's configuration, or else the environment names. */
export async function viewAccount(
  config: ReadonlyMap<string, ConfigValue>,
  provider: ProviderConfig | undefined,
  terminal: Terminal,
): Promise<AccountView> {
  if (provider !== undefined && provider.hidden.size > 0) throw encrypted(provider);
  // The token of the environment is not that of a provider of the program's own.
  const env = provider === undefined ? terminal.env : { ...terminal.env, UTHO_TOKEN: undefined };
  const runtime = new ProviderRuntime({ env, progress: () => silentProgress });
  runtime.configure((key) => (provider === undefined ? config.get(key)?.value : provider.values.get(key)));
  try {
    // One after the other: what the servers show of their snapshots completes the listing.
    const servers = await findServers(runtime, {});
    const snapshots = await findSnapshots(runtime, { status: "any" }, RECENT_MS);
    const account = await runtime.account();
    return {
      servers: new Map(servers.map((server) => [server.cloudId, server])),
      snapshots,
      // No further call: answers are shared for that long.
      listed: await allSnapshots(account, runtime.clock.now() - RECENT_MS, undefined),
      timeZone: account.settings.timeZone,
    };
  } catch (error) {
    throw toFailure(error, "list the servers and snapshots of the account");
  }
}

const RECENT_MS = 60_000;

/** The server that a person means by its id or its hostname. @throws UsageError for no such server, or more than one */
export function serverNamed(word: string, servers: ReadonlyMap<string, ServerInfo>): ServerInfo {
  const byId = servers.get(word);
  if (byId !== undefined) return byId;
  const all = [...servers.values()];
  const [only, ...others] = all.filter(({ hostname }) => hostname === word);
  if (only === undefined) {
    const meant = nearest(
      word,
      all.map(({ hostname }) => hostname),
    );
    const hint = meant === undefined ? "" : `; did you mean "${meant}"?`;
    throw new UsageError(`the account of this token has no server "${word}"${hint}`, {
      next:
        servers.size === 0
          ? "it has no server at all: is it the token of the right account?"
          : `its servers are ${namesOf(all)}`,
    });
  }
  if (others.length === 0) return only;
  const ids = [only, ...others].map(({ cloudId }) => cloudId).join(", ");
  throw new UsageError(`${others.length + 1} servers have the hostname "${word}"`, {
    next: `name one by its id: ${ids}`,
  });
}

const LONGEST_LIST = 8;

function namesOf(servers: readonly ServerInfo[]): string {
  const shown = servers.slice(0, LONGEST_LIST).map(({ hostname, cloudId }) => `${hostname} (${cloudId})`);
  const more = servers.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function encrypted({ name }: ProviderConfig): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_STACK",
    attempted: `read the token of the provider ${name}`,
    because: "it is encrypted in this file.",
    kept: "nothing was touched.",
    next: "name the stack instead (--stack), or give a file of `pulumi stack export --show-secrets`.",
  });
}
