import { execFileSync } from "node:child_process";

/** Ends a process and everything below it at once. */
export function endTree(pid) {
  if (process.platform === "win32") {
    quietly(() => execFileSync("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore" }));
    return;
  }
  // Read before the first is ended: an orphan no longer shows its parent.
  for (const one of [pid, ...descendants(pid)]) quietly(() => process.kill(one, "SIGKILL"));
}

function descendants(pid) {
  const children = new Map();
  for (const line of listProcesses().split("\n")) {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const below = (parent) => (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function listProcesses() {
  return quietly(() => execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" })) ?? "";
}

/** A process that has ended meanwhile is what was wanted. */
function quietly(work) {
  try {
    return work();
  } catch {
    return undefined;
  }
}
