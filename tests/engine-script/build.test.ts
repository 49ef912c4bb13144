import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FakeMachine } from "./fake-machine";

describe.skipIf(process.platform === "win32")("the build from Go modules", () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => machine.remove());

  const buildOnly = { PULUMI_UTHO_ENGINE: "build" };

  it("comes last and fills the place where the engine is kept", async () => {
    machine.putGo();
    const outcome = await machine.run();
    expect(outcome.code).toBe(0);
    expect(outcome.stdout.split("\n")).toEqual([
      "Nothing usable on PATH: no pulumi on PATH",
      expect.stringContaining("Downloading Pulumi 3.248.0: http://127.0.0.1:2/"),
      expect.stringContaining("  download failed: http://127.0.0.1:2/"),
      expect.stringMatching(
        /^Building the Pulumi CLI from Go modules: about \d+ minutes on \d+ cores, once per machine$/,
      ),
      expect.stringMatching(/^Pulumi 3\.248\.0 is ready \(build, took 0:\d\d\): /),
      "",
    ]);
    expect(machine.goCalls()).toEqual([
      "env",
      "list",
      "build pulumi",
      "list",
      "build pulumi-language-nodejs",
      "list",
    ]);
    expect(machine.rootContent()).toEqual(["bin"]);
  });

  it("reports meanwhile how long it has taken and what it is doing", async () => {
    const { provideEngine } = await import("../../tools/provide-engine.mjs");
    const gate = `${machine.folder}/gate`;
    machine.putGo({ gate });
    const lines: string[] = [];
    const engine = await provideEngine({
      env: { ...machine.env, ...buildOnly },
      tickMs: 20,
      log: (line) => {
        lines.push(line);
        if (line.includes("packages compiled")) {
          writeFileSync(gate, "");
        }
      },
    });
    expect(engine).toEqual({ bin: machine.bin, version: "3.248.0", source: "build" });
    expect(lines).toContain("  building the Pulumi CLI: 0:00, 2 of at most 3 packages compiled");
  });

  it("says what is missing when there is nothing at all", async () => {
    const outcome = await machine.run(["--print-path"]);
    expect(outcome.code).toBe(1);
    expect(outcome.stdout).toBe("");
    const [, message] = outcome.stderr.split(/(?=No usable Pulumi engine)/);
    expect(message).toMatch(
      new RegExp(
        [
          "^No usable Pulumi engine\\. What was tried:",
          `  kept      ${machine.bin}: not made yet`,
          "  path      no pulumi on PATH",
          "  download  http://127\\.0\\.0\\.1:2/pulumi-v3\\.248\\.0-\\S+: connect ECONNREFUSED 127\\.0\\.0\\.1:2",
          "  build     no Go on PATH; 1\\.25\\.11 or newer is needed",
          "Any one of these helps:",
          "  - install Pulumi 3\\.215\\.0 or newer with its Node\\.js language host: https://www\\.pulumi\\.com/docs/install/",
          "  - let this machine reach http://127\\.0\\.0\\.1:2, or name a mirror of it in PULUMI_UTHO_ENGINE_MIRROR",
          "  - install Go 1\\.25\\.11 or newer and let it reach a Go module proxy",
          "See docs/engine\\.md\\.\\n$",
        ].join("\\n"),
      ),
    );
  });

  it("names a Go that is too old", async () => {
    machine.putGo({ version: "go1.20.3" });
    const outcome = await machine.run([], buildOnly);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain(
      `build  ${machine.path}/go is go1.20.3; Go 1.25.11 or newer is needed\n`,
    );
  });

  it("names a Go that cannot fetch the version it would need", async () => {
    const complaint = "go: download go1.25.11 for linux/amd64: toolchain not available";
    machine.putGo({ envFailure: complaint });
    const outcome = await machine.run([], buildOnly);
    expect(outcome.stderr).toContain(
      `build  ${machine.path}/go cannot provide Go 1.25.11: exit code 1\n         ${complaint}\n`,
    );
  });

  it("repeats why Go could not build", async () => {
    const complaint = "go: github.com/pulumi/pulumi/pkg/v3@v3.248.0: dial tcp: lookup proxy: no such host";
    machine.putGo({ buildFailure: complaint });
    const outcome = await machine.run([], buildOnly);
    expect(outcome.stderr).toContain(
      `build  the Pulumi CLI could not be built: exit code 1\n         ${complaint}\n`,
    );
    expect(machine.rootContent()).toEqual([]);
  });

  it("does not keep what does not run", async () => {
    machine.putGo({ brokenBuild: true });
    const outcome = await machine.run([], buildOnly);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain("build  what was made does not run: ");
    expect(machine.rootContent()).toEqual([]);
  });
});
