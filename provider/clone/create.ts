import type { Server } from "../../client";
import { compact } from "../../client/compact";
import type { CloudId } from "../../client/request";
import type { Made } from "../engine/inputs";
import type { EngineMemory } from "../engine/memory";
import { plain } from "../engine/values";
import { ifAnswered, PartialFailure, ProviderFailure, toFailure } from "../failure";
import { watch } from "../utho/attempt";
import { isSameName, markOf, parseSnapshotId } from "../utho/names";
import { Notes } from "../utho/notes";
import { Waking } from "../utho/power";
import type { Operation, ProviderRuntime } from "../utho/runtime";
import { findSource } from "../utho/source";
import { isFailure, isOff, wordsOf } from "../utho/status";
import { inTurn } from "../utho/turn";
import { type CloneInputs, stateOfNew } from "./contract";
import { type Deployed, deployClone, lookAround } from "./deploy";
import { isReady } from "./diff";

/** Makes sure that the declared server exists, once, and waits until it is Active and Running. */
export function createClone(runtime: ProviderRuntime, inputs: CloneInputs): Promise<Made> {
  const { hostname, resourceUrn, timeouts } = inputs;
  // Clones of one hostname take turns, because the hostname is how a new server is found; all others run together.
  return inTurn(
    runtime,
    "create",
    { cloudId: `named ${hostname}`, resourceUrn, timeouts },
    async (operation) => {
      const dcslug = await checkedPlace(operation, inputs);
      const deployed = await findOrDeploy(runtime, operation, inputs, dcslug);
      runtime.memory.see(deployed.cloudId);
      return finish(operation, inputs, deployed, dcslug);
    },
  );
}

/** Checks the snapshot, and returns the data centre: the one that the program names, or that of the snapshot. */
async function checkedPlace(operation: Operation, inputs: CloneInputs): Promise<string> {
  const { account, clock } = operation;
  const attempted = `deploy ${inputs.hostname} from snapshot ${inputs.snapshot}`;
  const times = { notBefore: clock.now(), now: clock.now() };
  const { server } = await findSource(account, parseSnapshotId(inputs.snapshot), times, attempted);
  const place = inputs.dcslug ?? server?.location?.dc;
  if (place !== undefined && place !== "") return place;
  throw new ProviderFailure({
    code: "UTHO_CLONE_ZONE",
    attempted,
    because: "the snapshot's server does not show its data centre, or no longer exists.",
    kept: "no server was made.",
    next: 'set dcslug to the data centre where the snapshot is stored, such as "innoida": a snapshot is deployed only there.',
  });
}

async function findOrDeploy(
  runtime: ProviderRuntime,
  operation: Operation,
  inputs: CloneInputs,
  dcslug: string,
): Promise<Deployed> {
  const { memory } = runtime;
  const { hostname, resourceUrn: urn = "", mark = markOf(urn) } = inputs;
  if (inputs.adoptId !== undefined && !memory.hasAdopted(urn, inputs.adoptId))
    return adopt(operation, memory, inputs);
  const notes = Notes.ofDeployments(runtime.env, operation.account.settings.endpoint);
  const { before, left } = await lookAround(operation, memory, { urn, hostname, mark }, notes.find(urn));
  if (left !== undefined) {
    memory.takeOver(left.cloudId, { urn, takenAt: undefined });
    return compact({ cloudId: left.cloudId, ipv4: left.ip });
  }
  const note = { mark, hostname, askedAt: operation.clock.now(), before: [...before] };
  notes.write(urn, note);
  try {
    const cpuModel = await cpuModelFor(operation, inputs, dcslug);
    const deployed = await deployClone(operation, { inputs, dcslug, cpuModel, before });
    notes.write(urn, { ...note, made: deployed.cloudId });
    return deployed;
  } catch (error) {
    const code = error instanceof ProviderFailure ? error.code : undefined;
    // Nothing was made.
    if (code === "UTHO_CLONE_REFUSED" || code === "UTHO_CLONE_ZONE_FULL") notes.remove(urn);
    throw error;
  }
}

/** The processor that Utho names for the data centre, unless given: newer clients of Utho require the field. */
async function cpuModelFor(
  { account }: Operation,
  { cpuModel }: CloneInputs,
  dcslug: string,
): Promise<string | undefined> {
  if (cpuModel !== undefined) return cpuModel;
  const zones = await ifAnswered(account.client.zones.list());
  return zones?.find(({ slug }) => slug === dcslug)?.defaultCpu;
}

async function adopt(operation: Operation, memory: EngineMemory, inputs: CloneInputs): Promise<Deployed> {
  const adoptId = inputs.adoptId ?? "";
  const server = await operation.account.client.servers.get(adoptId);
  if (server !== undefined && isSameName(server.hostname, inputs.hostname)) {
    memory.takeOver(adoptId, { urn: inputs.resourceUrn ?? "", takenAt: undefined });
    return compact({ cloudId: adoptId, ipv4: server.ip });
  }
  throw new ProviderFailure({
    code: "UTHO_CLONE_INPUT",
    attempted: `take over server ${adoptId} as ${inputs.hostname}`,
    because:
      server === undefined ? `Utho knows no server ${adoptId}.` : `its hostname is ${server.hostname}.`,
    kept: "nothing was made or changed.",
    next: "list the servers with getServers(), and correct adoptId or hostname.",
  });
}

async function finish(
  operation: Operation,
  inputs: CloneInputs,
  deployed: Deployed,
  dcslug: string,
): Promise<Made> {
  const { cloudId } = deployed;
  let last: Server | undefined;
  const outputs = (ready: boolean): Record<string, unknown> => {
    const state = stateOfNew(inputs, cloudId, last, { dcslug, ...deployed });
    return plain({ ...state, recorded: ready ? { hostname: state.hostname } : undefined });
  };
  try {
    await untilServerReady(operation, cloudId, true, (server) => {
      last = server;
    });
    return { id: cloudId, outs: outputs(true) };
  } catch (error) {
    const { story } = toFailure(error, `wait until server ${cloudId} is Active and Running`);
    throw new PartialFailure(story, cloudId, outputs(false));
  }
}

/** A server shows Active and Shutdown while its disk is written, and then starts by itself, after 60 to 90 seconds. */
const STARTS_BY_ITSELF_MS = 120_000;

/**
 * Waits until a server is Active and Running; `onSight` hears of every answer about it.
 *
 * @param isNew it may still be imaged: then it is switched on only after it has been off for two minutes
 */
export async function untilServerReady(
  operation: Operation,
  cloudId: CloudId,
  isNew: boolean,
  onSight: (server: Server) => void,
): Promise<void> {
  const { account } = operation;
  const waking = new Waking({ ...operation, cloudId }, isNew ? STARTS_BY_ITSELF_MS : 0);
  const outcome = await watch<Server>(
    operation,
    `waiting for server ${cloudId}`,
    operation.deadline,
    async () => {
      const server = await account.client.servers.get(cloudId);
      if (server === undefined) return { waiting: "not listed yet" };
      onSight(server);
      if (isReady(server) || isFailure(server.status)) return { done: server };
      // One that is still being made is not off for good.
      const isMade = server.status?.is === "active" || server.status?.is === "stopped";
      if (isMade && isOff(server)) await waking.seenOff();
      return { waiting: wordsOf(server) };
    },
  );
  requireServerReady(operation, cloudId, outcome);
  if (waking.hasAsked) operation.progress.info(`Server ${cloudId} was off and was switched on.`);
}

function requireServerReady(
  { timeout }: Operation,
  cloudId: CloudId,
  outcome: { done: Server } | { timedOut: string },
): void {
  const story = {
    attempted: `wait until server ${cloudId} is Active and Running`,
    kept: `server ${cloudId} exists, and its id is in state.`,
  };
  if ("timedOut" in outcome)
    throw new ProviderFailure({
      ...story,
      code: "UTHO_CLONE_NOT_READY",
      because: `it was not within the timeout of ${timeout}. Last seen: ${outcome.timedOut}.`,
      next: "run again: the next `pulumi up` goes on waiting for it; a longer customTimeouts.create waits longer at once.",
    });
  const { status } = outcome.done;
  if (isFailure(status))
    throw new ProviderFailure({
      ...story,
      code: "UTHO_CLONE_FAILED",
      because: `its status is "${status}".`,
      next: "run again: a clone that was never ready is replaced, and the failed one destroyed; one that was ready is kept: ask Utho's support about it.",
    });
}
