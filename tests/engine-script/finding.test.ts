import { symlinkSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFakeEngine, writeScript } from "./fake-binaries";
import { FakeMachine } from "./fake-machine";

describe.skipIf(process.platform === "win32")("an engine that is there already", () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => machine.remove());

  const pathOnly = { PULUMI_UTHO_ENGINE: "path" };

  it("is taken from where it is kept, with one line", async () => {
    writeFakeEngine(machine.bin);
    const outcome = await machine.run();
    expect(outcome).toEqual({
      code: 0,
      signal: null,
      stderr: "",
      stdout: `Pulumi 3.248.0 is ready (made before): ${machine.bin}\n`,
    });
  });

  it("is preferred where it is kept to the one on PATH", async () => {
    writeFakeEngine(machine.bin);
    writeFakeEngine(machine.path);
    expect(JSON.parse((await machine.run(["--json"])).stdout)).toEqual({
      bin: machine.bin,
      version: "3.248.0",
      source: "kept",
    });
  });

  it("is taken from PATH when it is complete and not too old", async () => {
    writeFakeEngine(machine.path, { version: "v3.215.0" });
    const outcome = await machine.run();
    expect(outcome.stdout).toBe(`Pulumi 3.215.0 is ready (from PATH): ${machine.path}\n`);
    expect(machine.rootContent()).toEqual([]);
  });

  it("is taken when PATH has a link to it and its language host lies beside the real file", async () => {
    const cellar = path.join(machine.folder, "cellar");
    writeFakeEngine(cellar);
    symlinkSync(path.join(cellar, "pulumi"), path.join(machine.path, "pulumi"));
    const outcome = await machine.run(["--json"]);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ bin: machine.path, source: "path" });
  });

  it("is taken from PATH only when nothing else is allowed, whatever is kept", async () => {
    writeFakeEngine(machine.bin);
    writeFakeEngine(machine.path, { version: "v3.260.1" });
    const outcome = await machine.run(["--json"], pathOnly);
    expect(JSON.parse(outcome.stdout)).toEqual({ bin: machine.path, version: "3.260.1", source: "path" });
  });

  const unusable: [string, () => void, (m: FakeMachine) => string][] = [
    ["nothing", () => undefined, () => "no pulumi on PATH"],
    [
      "a CLI without its language host",
      () => writeFakeEngine(machine.path, { without: ["pulumi-language-nodejs"] }),
      (m) => `${m.path}/pulumi: without pulumi-language-nodejs it runs no Node.js program`,
    ],
    [
      "a CLI without the launcher of dynamic providers",
      () => writeFakeEngine(machine.path, { without: ["pulumi-resource-pulumi-nodejs"] }),
      (m) => `${m.path}/pulumi: without pulumi-resource-pulumi-nodejs it runs no Node.js program`,
    ],
    [
      "a CLI that is too old",
      () => writeFakeEngine(machine.path, { version: "v3.214.9" }),
      (m) => `${m.path}/pulumi: version 3.214.9 is older than 3.215.0, the oldest that is supported`,
    ],
    [
      "a CLI of a future major version",
      () => writeFakeEngine(machine.path, { version: "v4.0.0" }),
      (m) => `${m.path}/pulumi: version 4.0.0 is newer than version 3, the newest that is known`,
    ],
    [
      "a CLI that prints no version",
      () => writeFakeEngine(machine.path, { version: "hello" }),
      (m) => `${m.path}/pulumi: "pulumi version" printed "hello", which is no version`,
    ],
    [
      "a CLI that fails",
      () => {
        writeFakeEngine(machine.path);
        writeScript(path.join(machine.path, "pulumi"), "#!/bin/sh\necho no such library >&2\nexit 127\n");
      },
      (m) => `${m.path}/pulumi: "pulumi version": exit code 127 (no such library)`,
    ],
    [
      "a CLI that cannot be started",
      () => {
        writeFakeEngine(machine.path);
        writeScript(path.join(machine.path, "pulumi"), "#!/no/such/interpreter\n");
      },
      (m) => `${m.path}/pulumi: "pulumi version": could not be started`,
    ],
    [
      "a language host that ends at once",
      () => writeFakeEngine(machine.path, { brokenHost: "wrong machine" }),
      (m) => `${m.path}/pulumi-language-nodejs: ended with code 3: wrong machine`,
    ],
    [
      "a language host that says something else than its port",
      () => {
        writeFakeEngine(machine.path);
        writeScript(path.join(machine.path, "pulumi-language-nodejs"), "#!/bin/sh\necho hi\nsleep 9\n");
      },
      (m) => `${m.path}/pulumi-language-nodejs: printed "hi" instead of its port`,
    ],
  ];

  it.each(unusable)("is not seen in %s", async (_what, prepare, reason) => {
    prepare();
    const outcome = await machine.run([], pathOnly);
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toBe("");
    expect(outcome.stderr).toContain(`\n  path  ${reason(machine)}`);
  });

  it("is replaced where it is kept when it is another version", async () => {
    writeFakeEngine(machine.bin, { version: "v3.200.0" });
    writeFakeEngine(machine.path);
    const outcome = await machine.run(["--json"]);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ source: "path" });
    machine.putGo();
    const built = await machine.run(["--json"], { PULUMI_UTHO_ENGINE: "build" });
    expect(JSON.parse(built.stdout)).toMatchObject({ source: "build", version: "3.248.0" });
  });
});
