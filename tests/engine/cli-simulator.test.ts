import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const command = resolve(__dirname, "../../dist/cli/main.js");

let folder: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-cli-"));
});
afterEach(() => {
  for (const one of children.splice(0)) one.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

interface Started {
  child: ChildProcess;
  url: string;
  token: string;
  output(): string;
  ended: Promise<unknown[]>;
}

async function startCommand(): Promise<Started> {
  const file = join(folder, "ready.json");
  const child = spawn(process.execPath, [command, "simulator", "--ready-file", file], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  children.push(child);
  const ended = once(child, "close");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += String(chunk)));
  await expect.poll(() => existsSync(file), { timeout: 20_000 }).toBe(true);
  const { url, token }: { url: string; token: string } = JSON.parse(readFileSync(file, "utf8"));
  return { child, url, token, output: () => output, ended };
}

/** Windows has no signals that a process could answer. */
describe.skipIf(process.platform === "win32")("pulumi-utho simulator as a process", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("serves, and ends cleanly at %s", async (signal) => {
    const { child, url, token, output, ended } = await startCommand();
    const reply = await fetch(`${url}/cloud`, { headers: { authorization: `Bearer ${token}` } });
    expect(await reply.json()).toMatchObject({ status: "success", meta: { total: 2 } });
    child.kill(signal);
    expect(await ended).toEqual([0, null]);
    expect(output()).toContain(`export UTHO_ENDPOINT=${url}`);
    expect(output()).toContain("GET /v2/cloud -> 200");
    expect(output()).not.toContain("\u001b");
    expect(existsSync(join(folder, "ready.json"))).toBe(false);
  });

  it("ends when the reader of its output is gone", async () => {
    const { child, url, ended } = await startCommand();
    child.stdout?.destroy();
    child.stderr?.destroy();
    // Each request writes a line; the first that fails ends it.
    await expect
      .poll(async () => (await fetch(`${url}/cloud`).catch(() => undefined)) === undefined, {
        timeout: 20_000,
      })
      .toBe(true);
    expect(await ended).toEqual([0, null]);
  });

  it("ends with exit code 2 and one line at a bad option", async () => {
    const child = spawn(process.execPath, [command, "simulator", "--port", "x"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.push(child);
    let error = "";
    child.stderr.on("data", (chunk) => (error += String(chunk)));
    expect(await once(child, "close")).toEqual([2, null]);
    expect(error.trim().split("\n")).toHaveLength(1);
  });
});
