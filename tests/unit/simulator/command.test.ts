import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "../../../cli/program";
import { type Session, session } from "../../support/terminal";
import { http } from "./harness";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-command-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ready {
  url: string;
  controlUrl: string;
  token: string;
  pid: number;
}

/** Runs the simulator command while `during` looks at it; returns its exit code. */
async function whileRunning(
  flags: string[],
  current: Session,
  during: (ready: Ready) => Promise<void>,
): Promise<number> {
  const file = join(folder, "ready.json");
  const code = run(["simulator", "--ready-file", file, ...flags], current.terminal);
  try {
    await expect.poll(() => existsSync(file)).toBe(true);
    const ready: Ready = JSON.parse(readFileSync(file, "utf8"));
    await during(ready);
  } finally {
    current.end();
  }
  expect(await code).toBe(0);
  expect(existsSync(file)).toBe(false);
  return code;
}

function authorized(ready: Ready, path: string, method = "GET", body?: string) {
  return http(method, ready.url + path, {
    headers: { authorization: `Bearer ${ready.token}` },
    ...(body === undefined ? {} : { body }),
  });
}

describe("pulumi-utho", () => {
  it("prints its version", async () => {
    const current = session();
    expect(await run(["--version"], current.terminal)).toBe(0);
    const manifest: unknown = JSON.parse(readFileSync("package.json", "utf8"));
    expect(manifest).toMatchObject({ version: current.out.join("") });
  });

  it.each([["--help"], ["help"], ["help", "simulator"], ["simulator", "--help"]])(
    "prints help: %s",
    async (...args) => {
      const current = session();
      expect(await run(args, current.terminal)).toBe(0);
      expect(current.out.join("\n")).toContain("Usage: pulumi-utho");
      expect(current.err).toEqual([]);
    },
  );

  it("lists each option and examples in the simulator's help", async () => {
    const current = session();
    await run(["simulator", "--help"], current.terminal);
    const help = current.out.join("\n");
    for (const option of [
      "port",
      "host",
      "token",
      "seed",
      "snapshot-time",
      "settings",
      "quiet",
      "ready-file",
    ]) {
      expect(help).toContain(`--${option}`);
    }
    expect(help).toContain("$ pulumi-utho simulator");
    expect(help).toContain("(default: 4s)");
  });

  it("without a command shows the help on the error stream, exit code 2", async () => {
    const current = session();
    expect(await run([], current.terminal)).toBe(2);
    expect(current.err.join("\n")).toContain("Commands:");
  });
});

describe("bad options: exit code 2 and one line", () => {
  const badJson = () => {
    const path = join(folder, "bad.json");
    writeFileSync(path, "{");
    return path;
  };
  const seedOf = (seed: unknown) => {
    const path = join(folder, "seed.json");
    writeFileSync(path, JSON.stringify(seed));
    return path;
  };

  it.each<[string, () => string[], RegExp]>([
    ["an unknown command", () => ["snapshots"], /unknown command/],
    ["an unknown option", () => ["simulator", "--colour"], /--colour/],
    ["an extra argument", () => ["simulator", "now"], /too many arguments/],
    ["a port that is no number", () => ["simulator", "--port", "web"], /--port.*65535/],
    ["a port out of range", () => ["simulator", "--port", "65536"], /--port.*65535/],
    ["a port without a value", () => ["simulator", "--port"], /--port.*argument missing/],
    ["a bad duration", () => ["simulator", "--snapshot-time", "4 minuts"], /--snapshot-time.*2m/],
    ["an unknown setting", () => ["simulator", "--settings", '{"colour":"red"}'], /colour: no such setting/],
    ["settings that are no JSON", () => ["simulator", "--settings", "{idsAs}"], /--settings.*not JSON/],
    [
      "settings in no file",
      () => ["simulator", "--settings", join(folder, "none.json")],
      /--settings: cannot read/,
    ],
    ["a seed in no file", () => ["simulator", "--seed", join(folder, "none.json")], /--seed: cannot read/],
    ["a seed that is no JSON", () => ["simulator", "--seed", badJson()], /--seed.*not JSON/],
    ["a seed of something else", () => ["simulator", "--seed", seedOf({ clouds: [] })], /clouds/],
    [
      "a snapshot of no server",
      () => ["simulator", "--seed", seedOf({ snapshots: [{ cloudId: "404", name: "a" }] })],
      /no server 404/,
    ],
    [
      "a ready file in no folder",
      () => ["simulator", "--ready-file", join(folder, "no", "r.json")],
      /--ready-file/,
    ],
  ])("%s", async (_what, args, message) => {
    const current = session();
    expect(await run(args(), current.terminal)).toBe(2);
    expect(current.err).toHaveLength(1);
    expect(current.err[0]).toMatch(/^error: /);
    expect(current.err[0]).toMatch(message);
    expect(current.out).toEqual([]);
  });

  it("a taken port is no bad option: exit code 1", async () => {
    const current = session();
    await whileRunning([], session(), async (ready) => {
      expect(await run(["simulator", "--port", new URL(ready.url).port], current.terminal)).toBe(1);
    });
    expect(current.err).toEqual([
      expect.stringMatching(/^error: Cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE/),
    ]);
  });
});

describe("pulumi-utho simulator", () => {
  it("says where it is, what to export, and lines for curl", async () => {
    const current = session();
    await whileRunning(["--token", "it's mine"], current, async (ready) => {
      const text = current.out.join("\n");
      expect(text).toContain(`export UTHO_ENDPOINT=${ready.url}`);
      expect(text).toContain("export UTHO_TOKEN='it'\\''s mine'");
      expect(text).toContain(`${ready.url}/cloud/1001/snapshot/create`);
      expect(text).toContain(`curl ${ready.controlUrl}/state`);
      expect(text).toContain("1001 web-1 (50 GB), 1002 db-1 (80 GB)");
    });
    expect(current.out.at(-1)).toContain("ended");
  });

  it("prints a line for each request, with what it meant", async () => {
    const current = session();
    await whileRunning([], current, async (ready) => {
      const begun = current.out.length;
      await authorized(ready, "/cloud/1001/snapshot/create", "POST", '{"name":"first\\u001b[2J"}');
      await authorized(ready, "/cloud?page=1");
      await http("GET", `${ready.url}/cloud`);
      await http("POST", `${ready.controlUrl}/faults`, {
        body: '{"operation":"server.read","phase":"after","kind":{"cut":true}}',
      });
      await expect(authorized(ready, "/cloud/1001")).rejects.toThrow();
      expect(current.out.slice(begun)).toEqual([
        'POST /v2/cloud/1001/snapshot/create -> 200  snapshot 5001 "first?[2J" of server 1001 begun',
        "GET /v2/cloud?page=1 -> 200  page 1 of 1 of the servers",
        expect.stringMatching(/^GET \/v2\/cloud -> 401 {2}refused: Unauthorized/),
        'GET /v2/cloud/1001 -> no answer  server 1001 "web-1" read  [fault after: {"cut":true}]',
      ]);
    });
    expect(current.out.join("\n")).not.toContain("\u001b");
  });

  it("uses colours when the terminal has them", async () => {
    const current = session({ color: true });
    await whileRunning([], current, async (ready) => {
      await authorized(ready, "/cloud");
    });
    expect(current.out.join("\n")).toContain("\u001b[32m200\u001b[0m");
  });

  it("says nothing with --quiet", async () => {
    const current = session();
    await whileRunning(["--quiet"], current, async (ready) => {
      await authorized(ready, "/cloud");
    });
    expect([current.out, current.err]).toEqual([[], []]);
  });

  it("takes seed, settings and snapshot time; its own durations are for watching", async () => {
    const seed = join(folder, "seed.json");
    const settings = join(folder, "settings.json");
    // As PowerShell writes it.
    writeFileSync(
      seed,
      Buffer.from(`\ufeff${JSON.stringify({ servers: [{ cloudId: "7", hostname: "only" }] })}`, "utf16le"),
    );
    writeFileSync(settings, JSON.stringify({ idsAs: "number", powerDurationMs: 1 }));
    const flags = ["--seed", seed, "--settings", settings, "--snapshot-time", "90s"];
    await whileRunning(flags, session(), async (ready) => {
      expect((await authorized(ready, "/cloud")).json).toMatchObject({
        cloud: [{ cloudid: 7, hostname: "only" }],
      });
      expect((await http("GET", `${ready.controlUrl}/settings`)).json).toMatchObject({
        snapshotDurationMs: 90_000,
        powerDurationMs: 1,
        restoreDurationMs: 4000,
      });
    });
  });

  it("writes a ready file that only its user can read", async () => {
    await whileRunning([], session(), async (ready) => {
      expect(ready).toMatchObject({ token: "simulated-token", pid: process.pid });
      if (process.platform !== "win32") expect(statSync(join(folder, "ready.json")).mode & 0o077).toBe(0);
    });
  });
});
