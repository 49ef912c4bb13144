import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFakeEngine } from "./fake-binaries";
import { FakeMachine } from "./fake-machine";

describe.skipIf(process.platform === "win32")("settings and arguments", () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => machine.remove());

  it("refuses a source that does not exist", async () => {
    const outcome = await machine.run([], { PULUMI_UTHO_ENGINE: "path,docker" });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toBe(
      'PULUMI_UTHO_ENGINE is "path,docker", but "docker" is no source. ' +
        'Use "auto", or one or more of "path", "download", "build", separated by commas.\n',
    );
  });

  it("refuses a mirror that is no address", async () => {
    const outcome = await machine.run([], { PULUMI_UTHO_ENGINE_MIRROR: "files" });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toBe(
      'PULUMI_UTHO_ENGINE_MIRROR is "files", which is no http(s) address. ' +
        "Name a folder that holds the same files as https://get.pulumi.com/releases/sdk, or leave the setting out.\n",
    );
  });

  it("says how to allow more when a setting forbids what would help", async () => {
    const outcome = await machine.run([], { PULUMI_UTHO_ENGINE: "path" });
    expect(outcome.stderr).toBe(
      [
        "No usable Pulumi engine. What was tried:",
        "  path  no pulumi on PATH",
        "Any one of these helps:",
        "  - install Pulumi 3.215.0 or newer with its Node.js language host: https://www.pulumi.com/docs/install/",
        "  - allow download and build too: PULUMI_UTHO_ENGINE=auto",
        "See docs/engine.md.",
        "",
      ].join("\n"),
    );
  });

  it("never looks at PATH when that is not allowed", async () => {
    writeFakeEngine(machine.path);
    const outcome = await machine.run([], { PULUMI_UTHO_ENGINE: "Build, download" });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).not.toContain("  path  ");
    expect(outcome.stderr).toContain("allow path too: PULUMI_UTHO_ENGINE=auto");
  });

  it("says so when the place cannot be written", async () => {
    writeFileSync(machine.home, "a file, not a folder");
    const outcome = await machine.run([], { PULUMI_UTHO_ENGINE: "build" });
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(/^The engine cannot be put into \S+\/home\/versions\/3\.248\.0: ENOTDIR/);
    expect(outcome.stderr).toContain("Make that folder writable, or set PULUMI_HOME to one that is.\n");
  });

  it("prints only the folder with --print-path", async () => {
    writeFakeEngine(machine.bin);
    const outcome = await machine.run(["--print-path"]);
    expect(outcome.stdout).toBe(`${machine.bin}\n`);
    expect(outcome.stderr).toContain("is ready (made before)");
  });

  it("refuses arguments that it does not know", async () => {
    const outcome = await machine.run(["--quick"]);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain("Unknown arguments: --quick\n\nUsage: node tools/provide-engine.mjs");
  });

  it("explains itself with --help", async () => {
    const outcome = await machine.run(["--help"]);
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toContain("PULUMI_UTHO_ENGINE_MIRROR");
  });
});
