import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Notes, PowerLedger } from "../../../provider/utho/notes";
import { LEDGER, otherPlugin, signNote } from "./other-plugin";

const since = "2026-11-24T10:00:00.000Z";

/** Another process that writes the same note again and again, as our own does. */
const WRITER = `
  const { readFileSync, renameSync, writeFileSync } = require("node:fs");
  const file = process.argv[1];
  const note = readFileSync(file);
  for (let round = 0; round < 50; round++) {
    for (const unfinished of [file + ".new", file + "." + process.pid + ".tmp"]) {
      for (let once = 0; once < 20; once++) {
        writeFileSync(unfinished, note);
        renameSync(unfinished, file);
      }
    }
    process.stdout.write("x");
  }`;

describe("the note of a server that was switched off", () => {
  let home: string;
  let folder: string;
  let ledger: PowerLedger;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "utho-ledger-"));
    folder = join(home, LEDGER);
    ledger = new PowerLedger({ PULUMI_HOME: home }, "http://127.0.0.1:1/v2");
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  async function noteOf(pid: number | undefined): Promise<void> {
    await ledger.note({ cloudId: "1001", since });
    signNote(home, pid);
  }

  it("is left to the run that wrote it while that goes on, and is found once it is dead", async () => {
    const plugin = await otherPlugin();
    try {
      await noteOf(plugin.pid);
      expect(ledger.find("1001")).toBeUndefined();
    } finally {
      plugin.kill("SIGKILL");
      await once(plugin, "exit");
    }
    expect(ledger.find("1001")).toMatchObject({ cloudId: "1001", since });
  });

  it("is left to a run of another user", async () => {
    const plugin = await otherPlugin();
    const refused = Object.assign(new Error("kill EPERM"), { code: "EPERM" });
    const kill = vi.spyOn(process, "kill").mockImplementation(() => {
      throw refused;
    });
    try {
      await noteOf(plugin.pid);
      expect(ledger.find("1001")).toBeUndefined();
    } finally {
      kill.mockRestore();
      plugin.kill("SIGKILL");
    }
  });

  it("stays when a run of before ends that wrote one of the same server", async () => {
    const plugin = await otherPlugin();
    try {
      await noteOf(plugin.pid);
      ledger.remove("1001");
    } finally {
      plugin.kill("SIGKILL");
      await once(plugin, "exit");
    }
    expect(ledger.find("1001")).toMatchObject({ cloudId: "1001", since });
    ledger.remove("1001");
    expect(ledger.all()).toEqual([]);
  });

  it("is written whole while another run writes one of the same server", async () => {
    await ledger.note({ cloudId: "1001", since });
    const [name = ""] = readdirSync(folder);
    const other = spawn(process.execPath, ["-e", WRITER, join(folder, name)]);
    try {
      for await (const _ of other.stdout) {
        for (let round = 0; round < 20; round++) await ledger.note({ cloudId: "1001", since });
        expect(ledger.find("1001")).toMatchObject({ cloudId: "1001", since });
      }
    } finally {
      other.kill("SIGKILL");
    }
  });

  it("is found when this process wrote it, and when an older version did, which noted no process", async () => {
    await ledger.note({ cloudId: "1001", since });
    expect(ledger.find("1001")).toMatchObject({ cloudId: "1001", pid: process.pid });
    await noteOf(undefined);
    expect(ledger.find("1001")).toMatchObject({ cloudId: "1001", since });
  });

  it("is found when another program has its process id, if the system shows what a process runs", async () => {
    // The parent of a test is alive and no plugin.
    await noteOf(process.ppid);
    const found = ledger.find("1001");
    expect(found === undefined).toBe(process.platform !== "linux");
  });

  it("is absent when it cannot be read", async () => {
    await ledger.note({ cloudId: "1001", since });
    const [file = ""] = readdirSync(folder);
    writeFileSync(join(folder, file), "{");
    expect(ledger.find("1001")).toBeUndefined();
    expect(ledger.all()).toEqual([]);
  });
});

describe("the note of a deployment", () => {
  it("is that of the program in this folder: the same program elsewhere made no such server", () => {
    const home = mkdtempSync(join(tmpdir(), "utho-deployments-"));
    const here = process.cwd();
    const intent = { mark: "a1b2c3", hostname: "copy-1", askedAt: 1, before: ["1001"] };
    const notes = () => Notes.ofDeployments({ PULUMI_HOME: home }, "http://127.0.0.1:1/v2");
    try {
      notes().write("copy", intent);
      process.chdir(home);
      expect(notes().find("copy")).toBeUndefined();
      process.chdir(here);
      expect(notes().find("copy")).toEqual(intent);
    } finally {
      process.chdir(here);
      rmSync(home, { recursive: true, force: true });
    }
  });
});
