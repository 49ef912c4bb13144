import { readFileSync } from "node:fs";
import { connect } from "node:net";

/** How often a plugin looks whether its engine is alive. */
const BEAT_MS = 1_000;

/** Ends the process if the engine is gone. Awaited before every call that changes something in the cloud. */
export type Lifeline = () => Promise<void>;

/**
 * Ends the plugin with its engine. An engine that is killed leaves its plugins behind: one that then writes to the
 * dead pipe spins at full load for ever, and one that goes on may make a snapshot that the next run makes too.
 */
export function followEngine(address: string | undefined): Lifeline {
  lifeline ??= follow(address);
  return lifeline;
}

let lifeline: Lifeline | undefined;

function follow(address: string | undefined): Lifeline {
  if (address === undefined) return async () => {};
  const end = (): never => process.exit(1);
  process.stdout.on("error", end);
  process.stderr.on("error", end);
  // One refusal may be an accident of the network stack under load; two in a row mean that the engine is gone.
  const check = async (): Promise<void> => {
    if ((await answers(address)) || (await answers(address))) return;
    end();
  };
  const beat = setInterval(() => void check(), BEAT_MS);
  beat.unref();
  return check;
}

/** Whether anybody listens at the address; no answer in time is no evidence of death. */
function answers(address: string): Promise<boolean> {
  const cut = address.lastIndexOf(":");
  return new Promise((resolve) => {
    const socket = connect({
      host: address.slice(0, cut),
      port: Number(address.slice(cut + 1)),
      timeout: BEAT_MS,
    });
    const settle = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.once("connect", () => settle(true));
    socket.once("timeout", () => settle(true));
    // Only a refusal says that the engine is gone; any other error is this machine's own trouble.
    socket.once("error", (error) => settle(!("code" in error) || error.code !== "ECONNREFUSED"));
  });
}

/** In the command line of a plugin of ours: Pulumi's script for dynamic providers, and the plugin of our own. */
const PLUGINS = ["dynamic-provider", "pulumi-resource-utho"];

/** Whether a plugin with this process id is alive. Ids are used again, so its command line is looked at. */
export function isPlugin(pid: number): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform !== "linux") return true;
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return PLUGINS.some((name) => command.includes(name));
  } catch {
    return false;
  }
}

/** Whether a process of this id runs here, be it another user's. */
export function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
