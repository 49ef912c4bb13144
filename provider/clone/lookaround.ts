import type { Server } from "../../client";
import type { CloudId } from "../../client/id";
import { formatDuration } from "../duration";
import { ProviderFailure } from "../failure";
import { inferZone } from "../utho/facts";
import { isSameName } from "../utho/names";
import type { Intent } from "../utho/notes";
import type { Operation } from "../utho/runtime";
import { newServerNamed } from "./deploy";

/** What is known before a server is deployed. */
export interface Deploying {
  hostname: string;
  mark: string;
  /** What this machine knows of the resource's last deployment. */
  note: Intent | undefined;
  /** Whether a server is known to be in state: no interrupted run left that one. */
  isInState: (cloudId: CloudId) => boolean;
  /** Whether a server of this hostname is being replaced, whose id the engine has not given. */
  replacesOne: boolean;
}

/** What is seen before a server is deployed. */
export interface Surroundings {
  /** Ids of the servers that have the hostname. */
  before: ReadonlySet<string>;
  /** The server that an interrupted run of this very resource left. */
  left: Server | undefined;
}

/**
 * Looks for what an interrupted run left. A server is taken over only on proof: a note of this machine that the
 * deployment was asked for, and one server of that hostname that was not there before. A new server of the hostname
 * without that proof may be another program's, which would lose it when this resource is destroyed; so it is an error.
 * Older servers of the same hostname are ignored.
 */
export async function lookAround(
  operation: Operation,
  { hostname, mark, note, isInState, replacesOne }: Deploying,
): Promise<Surroundings> {
  const { account, clock } = operation;
  const servers = await account.client.servers.list();
  const namesakes = servers.filter((one) => isSameName(one.hostname, hostname));
  const before = new Set(namesakes.map(({ cloudId }) => cloudId));
  const { takeoverWindow, listingLag } = account.settings;
  const isOfThis = (note?.mark ?? mark) === mark;
  if (
    note !== undefined &&
    isOfThis &&
    note.hostname === hostname &&
    clock.now() - note.askedAt < takeoverWindow
  ) {
    const inState = namesakes.map(({ cloudId }) => cloudId).filter(isInState);
    const notOurs = new Set([...note.before, ...inState]);
    const until = Math.min(operation.deadline, note.askedAt + listingLag);
    const left = await newServerNamed(operation, hostname, notOurs, until);
    if (left !== undefined) tellTakenOver(operation, left, note, replacesOne);
    return { before, left };
  }
  const isKnown = ({ cloudId }: Server): boolean => isInState(cloudId) || cloudId === note?.made;
  const fresh = namesakes.filter((one) => !isKnown(one) && isNew(operation, one, servers));
  const mayBeReplaced = replacesOne && namesakes.length === 1;
  if (fresh.length > 0 && !mayBeReplaced) throw hostnameTaken(operation, hostname, fresh);
  return { before, left: undefined };
}

/** Within `utho:takeoverWindow`, by any time zone that the cloud's clock may have; without a time, it may be new. */
function isNew(operation: Operation, server: Server, all: readonly Server[]): boolean {
  const { account, clock } = operation;
  const { takeoverWindow, timeZone } = account.settings;
  const now = clock.now();
  if (takeoverWindow === 0) return false;
  if (server.createdAt === undefined) return true;
  const walls = all.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [createdAt]));
  const zone = timeZone ?? inferZone([], walls, now);
  const asUtc = Date.parse(`${server.createdAt}Z`);
  const india = 5.5 * 3_600_000;
  const offsets = zone === undefined ? [0, india] : zone === "UTC" ? [0] : [india];
  return offsets.some((offset) => now - (asUtc - offset) < takeoverWindow);
}

function tellTakenOver(
  operation: Operation,
  { cloudId, hostname }: Server,
  intent: Intent,
  replacesOne: boolean,
): void {
  const password = replacesOne
    ? "Its password is that of the entry in state that is being replaced, if it was known there."
    : "Its password is lost: set a new one in Utho's console.";
  const age = formatDuration(Math.max(0, operation.clock.now() - intent.askedAt));
  operation.progress.warn(
    `Took over server ${cloudId} (${hostname}), which a run of this resource on this machine asked for ${age} ago and which this run found in no state; no second one was made. An interrupted run left it, or the resource was removed from state and the server kept. ${password} For a new server: run \`pulumi config set utho:takeoverWindow 0\` and replace it.`,
  );
}

function hostnameTaken(operation: Operation, hostname: string, fresh: readonly Server[]): ProviderFailure {
  const ids = fresh.map(({ cloudId }) => cloudId);
  const window = formatDuration(operation.account.settings.takeoverWindow);
  return new ProviderFailure({
    code: "UTHO_CLONE_HOSTNAME_TAKEN",
    attempted: `deploy a server with the hostname ${hostname}`,
    because: `server ${ids.join(", ")} of that hostname was made within the last ${window} (utho:takeoverWindow), and nothing on this machine shows who made it: it may be from an interrupted run of this program, or someone else's.`,
    kept: "no server was made, and none was taken over.",
    next: `if it belongs to this program, set adoptId: "${ids[0] ?? ""}"; if not, choose another hostname, or run with \`pulumi config set utho:takeoverWindow 0\` to share the hostname.`,
  });
}
