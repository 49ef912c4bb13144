import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Server, Snapshot } from "../../client";
import { systemClock } from "../../client/time";
import { readSettings, type Settings } from "../../provider/config";
import { ProviderFailure } from "../../provider/failure";
import { withOwn } from "../../provider/lookup/find";
import { Identity } from "../../provider/utho/account";
import { zoneOf } from "../../provider/utho/facts";
import { SharedListing } from "../../provider/utho/listing";
import { SNAPSHOT_TYPE } from "../../sdk/forwarder";
import { type Terminal, UsageError } from "../screen/terminal";
import { StackAccess } from "../stack/access";
import { type AccountFlags, type ConfigValue, connect, readStackConfig } from "../stack/account";
import { readStateOf } from "../stack/file";
import { Ownership } from "../stack/ownership";
import { PulumiCli } from "../stack/pulumi-cli";
import type { StackState } from "../stack/state";
import { logicalNameOf } from "../stack/urn";
import { type Choice, choose, type Wanted } from "./choose";
import { type Door, doorOf, languageOf } from "./door";
import { type Adoption, adoptionOf, ofPlugin } from "./entries";
import { logicalNames } from "./logical-names";
import { programText } from "./program-text";
import { refused, refusePending } from "./refusal";
import { type Scaffold, scaffoldOf } from "./scaffold";
import { planLines } from "./screen";
import { takeIntoState } from "./take";

/** The options of `pulumi-utho adopt`, after parsing. */
export interface AdoptFlags extends AccountFlags {
  cloudId?: string[];
  nameRegex?: RegExp;
  alsoStack?: string[];
  out?: string;
  protect: boolean;
  door?: Door;
  yes?: boolean;
  undo?: string;
}

type Flags = AdoptFlags & { stack: string };

/**
 * Brings existing snapshots under management: shows what it would do, and does it where the user says so.
 *
 * Errors: `UTHO_ADOPT_REFUSED`, `UTHO_ADOPT_CHANGED`, `UTHO_STACK`, and those of talking to Utho.
 */
export async function runAdopt(ids: readonly string[], flags: Flags, terminal: Terminal): Promise<void> {
  const wanted = wantedBy(ids, flags);
  if (flags.out !== undefined && existsSync(flags.out)) {
    throw new UsageError(`--out: ${flags.out} exists, and is not overwritten`);
  }
  const pulumi = new PulumiCli(flags.cwd, terminal);
  const stack = new StackAccess(pulumi, flags.stack);
  const config = await readStackConfig(flags.stack, pulumi);
  const settings = readSettings((key) => config.get(key)?.value, terminal.env);
  const state = await stack.export();
  refusePending(state, flags.stack);
  const others = await Promise.all((flags.alsoStack ?? []).map((one) => readStateOf(one, pulumi)));
  const account = await readAccount(settings);
  const choice = choose(account.snapshots, wanted, {
    here: new Ownership([state]),
    elsewhere: new Ownership(others),
  });
  const { scaffold, qualified } = await foundationOf(stack, state, config);
  const folder = resolve(flags.cwd ?? ".");
  const door = flags.door ?? doorOf(state, folder);
  const byClass = adoptionsOf(choice, account, { state, scaffold, settings });
  const adoptions = door === "plugin" ? byClass.map(ofPlugin) : byClass;
  const program = programText(adoptions, flags.protect, languageOf(door, folder), flags.out);
  for (const line of planLines(adoptions, choice.left, terminal)) terminal.err(line);
  if (ids.length > 0 && choice.left.length > 0) throw refused(choice.left, flags.stack);
  if (adoptions.length === 0) return terminal.err(`Nothing to take into stack ${flags.stack}.`);
  if (!(await decide({ count: adoptions.length, program }, flags, terminal))) return;
  await takeIntoState({
    adoptions,
    state,
    scaffold,
    stack,
    qualified,
    flags: { out: flags.out, protect: flags.protect, folder },
    door,
    program,
    terminal,
  });
}

function wantedBy(ids: readonly string[], { cloudId = [], nameRegex }: AdoptFlags): Wanted {
  const bad = ids.find((id) => !/^(\d{1,20}\/)?\d{1,20}$/.test(id));
  if (bad !== undefined) throw new UsageError(`"${bad}" is no snapshot: give 5001 or 1001/5001`);
  const noServer = cloudId.find((id) => !/^\d{1,20}$/.test(id));
  if (noServer !== undefined) throw new UsageError(`--cloud-id: "${noServer}" is no number`);
  return { ids, cloudIds: cloudId, nameRegex };
}

interface AccountRead {
  snapshots: Snapshot[];
  servers: ReadonlyMap<string, Server>;
  id: string | undefined;
}

async function readAccount(settings: Settings): Promise<AccountRead> {
  const client = await connect(settings);
  const [listing, servers, id] = await Promise.all([
    new SharedListing(client, systemClock).account(0),
    client.servers.list(),
    // Where it is missing, the next update adds it.
    new Identity(client, new Set()).current().catch(() => undefined),
  ]);
  if (listing.source === "none") throw noListing();
  return {
    snapshots: withOwn([...listing.byId.values()], listing, servers),
    servers: new Map(servers.map((server) => [server.cloudId, server])),
    id,
  };
}

async function foundationOf(
  stack: StackAccess,
  state: StackState,
  config: ReadonlyMap<string, ConfigValue>,
): Promise<{ scaffold: Scaffold; qualified: string }> {
  const identity = await stack.identity();
  const scaffold = scaffoldOf(state, identity, config, Date.now());
  return { scaffold, qualified: identity.qualified };
}

function adoptionsOf(
  { chosen, left }: Choice,
  { snapshots, servers, id: accountId }: AccountRead,
  context: { state: StackState; scaffold: Scaffold; settings: Settings },
): Adoption[] {
  const now = Date.now();
  const ofType = context.state.resources.filter(({ type }) => type === SNAPSHOT_TYPE);
  const taken = new Set(ofType.map(({ urn }) => logicalNameOf(urn)));
  const names = logicalNames(chosen, taken);
  let shown: string | undefined;
  const zone = () => (shown ??= zoneOf(snapshots, context.settings.timeZone, now));
  return chosen.flatMap((snapshot, index) => {
    const logicalName = names[index];
    if (logicalName === undefined) {
      left.push({
        id: `${snapshot.cloudId}/${snapshot.id}`,
        name: snapshot.name,
        why: "its logical name is taken",
      });
      return [];
    }
    const { stackUrn } = context.scaffold;
    const server = servers.get(snapshot.cloudId);
    return [adoptionOf({ snapshot, server, logicalName, stackUrn, zone, accountId })];
  });
}

/** Shows the program, and finds out whether to go on. */
async function decide(
  { count, program }: { count: number; program: string },
  flags: Flags,
  terminal: Terminal,
): Promise<boolean> {
  const what = count === 1 ? "this snapshot" : `these ${count} snapshots`;
  if (flags.yes === true) return true;
  if (terminal.ask !== undefined) {
    if (await terminal.ask(`Take ${what} into the state of stack ${flags.stack}? [y/N] `)) return true;
    terminal.err("Nothing was changed.");
    return false;
  }
  terminal.out(program.trimEnd());
  terminal.err(
    `Nothing was changed. With --yes, ${what} would be taken into the state of stack ${flags.stack}.`,
  );
  return false;
}

function noListing(): ProviderFailure {
  return new ProviderFailure({
    code: "UTHO_ADOPT_REFUSED",
    attempted: "list the account's snapshots",
    because: "none of the calls that could list them is offered by this endpoint.",
    kept: "nothing was touched.",
    next: "declare each with adoptId in the program instead, by its number in Utho's console.",
  });
}
