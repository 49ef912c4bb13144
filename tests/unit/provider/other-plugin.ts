import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A process whose command line is like that of Pulumi's plugin, which lives until it is killed. */
export async function otherPlugin(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [
    "-e",
    "console.log(1); setInterval(() => {}, 1000)",
    "dynamic-provider",
  ]);
  await once(child.stdout, "data");
  return child;
}

/** Below Pulumi's home. */
export const LEDGER = "pulumi-utho/powered-off";

/** Makes the one note of a server that is off look as another process would have written it; no `pid`: as an old version did. */
export function signNote(home: string, pid: number | undefined): void {
  const folder = join(home, LEDGER);
  const [file = ""] = readdirSync(folder);
  const note: object = JSON.parse(readFileSync(join(folder, file), "utf8"));
  writeFileSync(join(folder, file), JSON.stringify({ ...note, pid }));
}
