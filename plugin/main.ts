import { fstatSync } from "node:fs";
import { followEngine } from "../provider/engine/lifeline";
import { engineAddress, engineProgress } from "../provider/engine/progress";
import { engineLog } from "./log";
import { serve } from "./rpc";
import { serviceOf } from "./service";
import { refusalOf } from "./wire";

/** Starts the plugin: prints the port on which it listens, and ends with its engine. */
async function main(): Promise<void> {
  const engine = engineAddress(process.argv);
  const progress = (address: string | undefined) => engineProgress(address, engineLog);
  const methods = serviceOf({ engine, env: process.env, follow: followEngine, progress });
  const { port } = await serve("pulumirpc.ResourceProvider", methods, refusalOf);
  process.stdout.write(`${port}\n`);
  endWithStdin();
}

/** The engine holds the other end of the pipe. A terminal or an empty input is no engine, and says nothing. */
function endWithStdin(): void {
  if (!isPipe()) return;
  const end = (): never => process.exit(1);
  process.stdin.on("end", end).on("error", end).resume();
}

function isPipe(): boolean {
  try {
    const stdin = fstatSync(0);
    return stdin.isFIFO() || stdin.isSocket();
  } catch {
    return false;
  }
}

void main();
