import { afterEach } from "vitest";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../simulator/index";

/** 2026-01-15 06:30:00 UTC, which is 12:00:00 in India. */
export const startTime = Date.UTC(2026, 0, 15, 6, 30, 0);

/** Starts simulators whose clock stands still until advanced, and closes them after each test. */
export function simulators(): (options?: SimulatorOptions) => Promise<Simulator> {
  const running: Simulator[] = [];
  afterEach(async () => {
    for (const one of running.splice(0)) await one.close();
  });
  return async (options) => {
    const simulator = await startSimulator({ clock: { now: () => startTime }, ...options });
    running.push(simulator);
    return simulator;
  };
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  /** The decoded body; `undefined` where it is not JSON. */
  json: unknown;
}

/** One HTTP request by Node's own fetch, which knows nothing of this package. */
export async function http(method: string, url: string, init: RequestInit = {}): Promise<Reply> {
  const response = await fetch(url, { method, redirect: "manual", ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: decode(text) };
}

/** A call of the imitated API with the right token. */
export function call(simulator: Simulator, request: string, body?: unknown): Promise<Reply> {
  const [method = "", path = ""] = request.split(" ");
  return http(method, simulator.url + path, {
    headers: { authorization: `Bearer ${simulator.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** A call of the control API. */
export function control(simulator: Simulator, request: string, body?: unknown): Promise<Reply> {
  const [method = "", path = ""] = request.split(" ");
  return http(method, simulator.controlUrl + path, body === undefined ? {} : { body: JSON.stringify(body) });
}

/** The rows of a list in an answer. */
export function rows(reply: Reply, list: string): Record<string, unknown>[] {
  const { json } = reply;
  const value: unknown =
    typeof json === "object" && json !== null
      ? Object.entries(json).find(([key]) => key === list)?.[1]
      : undefined;
  if (!Array.isArray(value)) throw new Error(`No list ${list} in ${reply.text}`);
  return value.map((one: unknown) => record(one));
}

/** The one server of an answer about a server. */
export async function readServer(simulator: Simulator, cloudId: string): Promise<Record<string, unknown>> {
  const [server] = rows(await call(simulator, `GET /cloud/${cloudId}`), "cloud");
  if (server === undefined) throw new Error(`No server ${cloudId}`);
  return server;
}

/** The snapshots in the answer about a server. */
export async function serverSnapshots(
  simulator: Simulator,
  cloudId: string,
): Promise<Record<string, unknown>[]> {
  const { snapshots } = await readServer(simulator, cloudId);
  if (!Array.isArray(snapshots)) throw new Error("The answer has no snapshots");
  return snapshots.map((one: unknown) => record(one));
}

export async function accountSnapshots(simulator: Simulator): Promise<Record<string, unknown>[]> {
  return rows(await call(simulator, "GET /cloud/getdeploy?product=cloud"), "snapshots");
}

/** Takes a snapshot and lets it become Active; returns its id. */
export async function takeSnapshot(simulator: Simulator, cloudId: string, name: string): Promise<string> {
  await call(simulator, `POST /cloud/${cloudId}/snapshot/create`, { name });
  simulator.advance(simulator.cloud.settings().snapshotDurationMs);
  const made = simulator.cloud.snapshots(cloudId).at(-1);
  if (made === undefined || made.name !== name) throw new Error(`Snapshot ${name} was not made`);
  return made.id;
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return { ...value };
  throw new Error(`Not an object: ${JSON.stringify(value)}`);
}

function decode(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** A deploy request that is right for the default seed. */
export function deployBody(
  hostname: string,
  source: Record<string, unknown> = { image: "debian-12-x86_64" },
) {
  return {
    dcslug: "inmumbaizone2",
    planid: "10045",
    billingcycle: "hourly",
    auth: "option2",
    root_password: "",
    enable_publicip: true,
    cloud: [{ hostname }],
    ...source,
  };
}

export const confirmation = {
  confirm: "I am aware this action will delete data and server permanently",
};
