import { readdirSync, readFileSync } from "node:fs";

/** All living processes below `root`, the root first, whatever process groups they are in. Linux only (/proc). */
export function familyOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const { pid, parent } of processes()) children.set(parent, [...(children.get(parent) ?? []), pid]);
  const family: number[] = [];
  const visit = (pid: number): void => {
    family.push(pid);
    for (const child of children.get(pid) ?? []) visit(child);
  };
  visit(root);
  return family;
}

export function isAlive(pid: number): boolean {
  try {
    return !readStat(pid).startsWith("Z");
  } catch {
    return false;
  }
}

/** The command line of a process; empty if it is gone. */
export function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function processes(): { pid: number; parent: number }[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const [, parent = "0"] = readStat(Number(entry)).split(" ");
      return [{ pid: Number(entry), parent: Number(parent) }];
    } catch {
      return [];
    }
  });
}

/** State and parent; the command's name before them may hold anything. */
function readStat(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2);
}

/** Ends processes at once. One that has ended by itself since it was listed is no failure. */
export function killAll(pids: Iterable<number>): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}
