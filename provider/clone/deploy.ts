import type { CallOptions, Deployment, Server } from "../../client";
import { saysFull } from "../../client/classify";
import { compact } from "../../client/compact";
import type { UthoError } from "../../client/errors";
import type { CloudId } from "../../client/request";
import { toMoment } from "../../client/time";
import { formatDuration } from "../duration";
import type { EngineMemory } from "../engine/memory";
import { ProviderFailure, saidBy } from "../failure";
import { attempt, type Ending, patienceAfter, putOff, watch } from "../utho/attempt";
import { INDIA, inferZone, UTC } from "../utho/facts";
import { isSameName, parseSnapshotId } from "../utho/names";
import type { Intent } from "../utho/notes";
import type { Operation } from "../utho/runtime";
import type { CloneInputs } from "./contract";

export interface Deployed {
  cloudId: CloudId;
  ipv4?: string;
  password?: string;
}

interface DeployPlan {
  inputs: CloneInputs;
  dcslug: string;
  /** The program's, or the data centre's own; left to Utho where neither is known. */
  cpuModel: string | undefined;
  /** Servers of that hostname that are there already. */
  before: ReadonlySet<string>;
}

/** Once: after a lost answer the server is looked for and not asked for again, since a second one costs each hour. */
export async function deployClone(operation: Operation, plan: DeployPlan): Promise<Deployed> {
  const { clock, account, deadline } = operation;
  const { hostname } = plan.inputs;
  const ending = await ask(operation, plan);
  const answer = "answer" in ending ? ending.answer : undefined;
  if (answer?.cloudId !== undefined) return { ...answer, cloudId: answer.cloudId };
  const patience = ending.kind === "lost" ? patienceAfter(operation, ending) : account.settings.listingLag;
  const until = answer?.acknowledged === true ? deadline : Math.min(deadline, clock.now() + patience);
  const found = await newServerNamed(operation, hostname, plan.before, until);
  if (found === undefined) throw notListed(operation, plan.inputs, ending);
  return compact({ cloudId: found.cloudId, ipv4: answer?.ipv4 ?? found.ip, password: answer?.password });
}

/** The one server of that hostname, whatever Utho does to its case, that was not there before; `undefined` if none appears until `until`. */
async function newServerNamed(
  operation: Operation,
  hostname: string,
  before: ReadonlySet<string>,
  until: number,
): Promise<Server | undefined> {
  const doing = `looking for the new server ${hostname}`;
  const outcome = await watch<Server[]>(operation, doing, until, async () => {
    const servers = await operation.account.client.servers.list();
    const found = servers.filter((one) => isSameName(one.hostname, hostname) && !before.has(one.cloudId));
    return found.length > 0 ? { done: found } : { waiting: "not listed yet" };
  });
  if ("timedOut" in outcome) return undefined;
  const [first, ...others] = outcome.done;
  if (others.length === 0) return first;
  throw ambiguous(hostname, outcome.done);
}

type Asked = Extract<Ending<Partial<Deployment>>, { kind: "answered" | "lost" }>;

async function ask(operation: Operation, plan: DeployPlan): Promise<Asked> {
  const { account, clock, progress, deadline } = operation;
  const { inputs, dcslug, cpuModel } = plan;
  const { snapshotId } = parseSnapshotId(inputs.snapshot);
  const { hostname } = inputs;
  const request = { ...inputs, snapshotId, dcslug, cpuModel };
  const doing = `deploying ${hostname} from snapshot ${inputs.snapshot}`;
  const send = (options: CallOptions) => account.client.servers.deploy(request, options);
  for (;;) {
    progress.status(doing);
    const ending = await attempt<Partial<Deployment>>(operation, { doing, send });
    if (ending.kind === "answered" || ending.kind === "lost") return ending;
    if (ending.kind === "refused" || clock.now() >= deadline) throw refused(plan, ending.error);
    await putOff(operation, ending);
    const appeared = await newServerNamed(operation, hostname, plan.before, clock.now());
    if (appeared === undefined) continue;
    const { cloudId, ip: ipv4 } = appeared;
    // "Try again later" should mean that nothing was made; a second server would cost money.
    progress.warn(
      `Utho asked to try again later (${ending.error.apiMessage ?? ending.error.message}), but server ${cloudId} (${appeared.hostname}) appeared meanwhile; it counts as the requested one, and no second one was made. Its password is not known: set a new one in Utho's console.`,
    );
    return { kind: "answered", answer: compact({ acknowledged: true, cloudId, ipv4 }) };
  }
}

function refused({ inputs, dcslug }: DeployPlan, error: UthoError): Error {
  if (!["UTHO_BAD_REQUEST", "UTHO_NOT_FOUND", "UTHO_BUSY"].includes(error.code)) return error;
  const story = {
    attempted: `deploy ${inputs.hostname} from snapshot ${inputs.snapshot} with plan ${inputs.planId} in ${dcslug}`,
    said: saidBy(error),
    kept: "no server was made.",
    cause: error,
  };
  if (error.code === "UTHO_BAD_REQUEST" && saysFull(error.apiMessage ?? ""))
    return new ProviderFailure({
      ...story,
      code: "UTHO_CLONE_ZONE_FULL",
      because: `the data centre ${dcslug} has no room for it now; the inputs are not wrong.`,
      next: "run again later, choose another planId, or ask Utho's support. Another data centre does not help: a snapshot is deployed only where it is stored.",
    });
  return new ProviderFailure({
    ...story,
    code: "UTHO_CLONE_REFUSED",
    because: "Utho refused it.",
    next: `Utho's words show which input is wrong: planId must be one of Utho's plans with a disk that holds the snapshot; dcslug must be the data centre where the snapshot is, since snapshots stay where their server was; hostname must be one that Utho accepts; the snapshot must be Active and not being deleted.`,
  });
}

/** Whether the answer was lost, or came and named no server. */
function notListed({ account }: Operation, inputs: CloneInputs, ending: Asked): ProviderFailure {
  const error = "error" in ending ? ending.error : undefined;
  const answer =
    error === undefined
      ? "Utho answered without naming a server"
      : "Utho's answer did not say whether a server was made";
  const window = formatDuration(account.settings.takeoverWindow);
  return new ProviderFailure({
    code: "UTHO_CLONE_ANSWER_LOST",
    attempted: `deploy ${inputs.hostname} from snapshot ${inputs.snapshot}`,
    because: `${answer}, and none of that hostname was listed afterwards.`,
    said: saidBy(error),
    kept: "the state holds no server. One may still appear.",
    next: `run again on this machine, within ${window} (utho:takeoverWindow): if it has appeared by then, it is taken over. On another machine, or later, see in Utho's console whether it is there, and set adoptId to its id.`,
    cause: error,
  });
}

function ambiguous(hostname: string, servers: readonly Server[]): ProviderFailure {
  const ids = servers.map(({ cloudId }) => cloudId).join(", ");
  return new ProviderFailure({
    code: "UTHO_CLONE_AMBIGUOUS",
    attempted: `find the new server ${hostname}`,
    because: `${servers.length} new servers have that hostname (ids ${ids}), and Utho does not show whose they are.`,
    kept: "all of them exist; none was taken over.",
    next: 'choose one in Utho\'s console and set adoptId: "<id>", and destroy the others if they are not needed.',
  });
}

/**
 * Looks for what an interrupted run left. A server is taken over only on proof: a note of this machine that the
 * deployment was asked for, and one server of that hostname that was not there before. A new server of the hostname
 * without that proof may be another program's, which would lose it when this resource is destroyed; so it is an error.
 * Older servers of the same hostname are ignored.
 * @param note what this machine knows of the resource's last deployment
 */
export async function lookAround(
  operation: Operation,
  memory: EngineMemory,
  { urn, hostname, mark }: { urn: string; hostname: string; mark: string },
  note: Intent | undefined,
): Promise<{ before: ReadonlySet<string>; left: Server | undefined }> {
  const { account, clock } = operation;
  const servers = await account.client.servers.list();
  const namesakes = servers.filter((one) => isSameName(one.hostname, hostname));
  const before = new Set(namesakes.map(({ cloudId }) => cloudId));
  const { takeoverWindow, listingLag } = account.settings;
  // The engine does not give the id of what a forced replacement replaces.
  const replacesOne = memory.formerOf(urn)?.hostname === hostname;
  const isOfThis = note?.mark === mark && note.hostname === hostname;
  if (isOfThis && clock.now() - note.askedAt < takeoverWindow) {
    const inState = [...before].filter((id) => memory.hasSeen(id));
    const notOurs = new Set([...note.before, ...inState]);
    const until = Math.min(operation.deadline, note.askedAt + listingLag);
    const left = await newServerNamed(operation, hostname, notOurs, until);
    if (left !== undefined) tellTakenOver(operation, left, note, replacesOne);
    return { before, left };
  }
  const zones = zonesOf(operation, servers);
  // One without a time may be new.
  const isFresh = ({ cloudId, createdAt }: Server): boolean =>
    !(memory.hasSeen(cloudId) || cloudId === note?.made) &&
    (createdAt === undefined ||
      zones.some((zone) => clock.now() - toMoment(createdAt, zone) < takeoverWindow));
  const fresh = takeoverWindow === 0 ? [] : namesakes.filter(isFresh);
  const mayBeReplaced = replacesOne && namesakes.length === 1;
  if (fresh.length > 0 && !mayBeReplaced) throw hostnameTaken(operation, hostname, fresh);
  return { before, left: undefined };
}

/** The time zones that the servers' times may be of: the configured one, the one that they show, or either of two. */
function zonesOf({ account, clock }: Operation, servers: readonly Server[]): string[] {
  const walls = servers.flatMap(({ createdAt }) => createdAt ?? []);
  const zone = account.settings.timeZone ?? inferZone([], walls, clock.now());
  return zone === undefined ? [UTC, INDIA] : [zone];
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
