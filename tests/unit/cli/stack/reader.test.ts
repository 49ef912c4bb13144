import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../../../cli/program";
import { ROTATION_FORWARDER, ROTATION_TYPE } from "../../../../sdk/forwarder";
import { type Simulator, startSimulator } from "../../../../simulator";
import { pulumiStandIn } from "../../../support/pulumi-stand-in";
import { session } from "../../../support/terminal";

const outputs = {
  ...{
    __provider: ROTATION_FORWARDER,
    cloudIds: ["1001"],
    every: "24h",
    keep: { daily: 7 },
    timeZone: "UTC",
  },
  ...{ minKeep: 1, mark: "a1b2c3", ownPrefix: "prod-nightly", prefixes: ["prod-nightly"], snapshots: [] },
};
const resources = [
  { urn: "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod", type: "pulumi:pulumi:Stack" },
  { urn: `urn:pulumi:prod::shop::${ROTATION_TYPE}::nightly`, type: ROTATION_TYPE, id: "r", outputs },
];
const exported = JSON.stringify({ version: 3, deployment: { resources } });
const checkpoint = JSON.stringify({
  version: 3,
  checkpoint: { stack: "organization/shop/prod", latest: { resources } },
});

const LAYOUTS: [string, string | Buffer][] = [
  ["as Pulumi prints it", exported],
  ["of version 1", JSON.stringify({ version: 1, deployment: { resources } })],
  ["of version 4", JSON.stringify({ version: 4, deployment: { resources } })],
  ["without a version", JSON.stringify({ deployment: { resources } })],
  ["a checkpoint, as a backend of files keeps it and its history", checkpoint],
  ["a checkpoint that such a backend packs", gzipSync(checkpoint)],
  ["in UTF-8 with a mark", `\ufeff${exported}`],
  ["in UTF-16, as PowerShell writes it", Buffer.from(`\ufeff${exported}`, "utf16le")],
  ["in UTF-16 of the other order", Buffer.from(`\ufeff${exported}`, "utf16le").swap16()],
];

let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-reader-"));
  simulator = await startSimulator({
    servers: [{ cloudId: "1001", hostname: "web-1", diskGb: 40 }],
    snapshots: [{ id: "5001", cloudId: "1001", name: "prod-nightly-20261125T000000Z-a1b2c3" }],
  });
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

async function command(...args: string[]) {
  const empty = join(folder, "empty.json");
  writeFileSync(empty, JSON.stringify({ version: 3, deployment: { resources: [resources[0]] } }));
  const env = {
    UTHO_TOKEN: simulator.token,
    UTHO_ENDPOINT: simulator.url,
    PATH: pulumiStandIn(folder, empty),
    PULUMI_HOME: folder,
  };
  const { terminal, out, err } = session({ env });
  const code = await run(args, terminal);
  return { code, text: [...out, ...err].join("\n") };
}

const READERS: [string, string[], RegExp][] = [
  ["report", ["report", "--format", "table", "--state"], /shop\/nightly|prod\/nightly/],
  ["rotation plan", ["rotation", "plan", "--now", "2026-11-25T06:00:00Z", "--state"], /1001\/5001/],
  ["doctor", ["doctor", "--state"], /1 SnapshotRotation/],
  ["adopt", ["adopt", "--stack", "dev", "1001/5001", "--also-stack"], /managed by nightly of stack prod/],
];

describe("a state in a file", () => {
  describe.each(READERS)("is read by %s", (name, args, says) => {
    it.each(LAYOUTS)("%s", async (_layout, content) => {
      const file = join(folder, "state.json");
      writeFileSync(file, content);
      const cwd = name === "adopt" ? ["--cwd", folder] : [];
      const { text } = await command(...args, file, ...cwd);
      expect(text).not.toContain("UTHO_STACK");
      expect(text).toMatch(says);
    });

    it.each([
      ["no JSON", "{", "is not JSON"],
      ["nothing", "", "it is empty"],
      ["a part", exported.slice(0, -40), "is not JSON"],
      ["a part of what is packed", gzipSync(checkpoint).subarray(0, 60), "unexpected end of file"],
      ["no state", '{"hello":1}', "not what `pulumi stack export` prints"],
      ["a layout to come", '{"version":99,"deployment":null}', "version 99"],
      [
        "a resource without a type",
        '{"version":3,"deployment":{"resources":[{"urn":"x"}]}}',
        "resources.0.type",
      ],
    ])("or refused: %s", async (_what, content, because) => {
      const file = join(folder, "state.json");
      writeFileSync(file, content);
      const { code, text } = await command(...args, file);
      expect(code).toBeGreaterThan(0);
      expect(text).toContain("UTHO_STACK");
      // What doctor prints goes into bug reports; it names no reason that could hold a name.
      if (name !== "doctor") expect(text).toContain(because);
    });

    it("or refused: a folder", async () => {
      const cwd = name === "adopt" ? ["--cwd", folder] : [];
      const { text } = await command(...args, folder, ...cwd);
      // Where a file or a stack may be meant, a folder may have the name of a stack.
      if (name === "adopt") expect(text).not.toContain("UTHO_STACK");
      else expect(text).toContain("UTHO_STACK");
      if (name === "report" || name === "rotation plan") expect(text).toContain("EISDIR");
    });
  });

  it("is read from a pipe that is not ready, which Node has looked at before", async () => {
    const reader = resolve(__dirname, "../../../../dist/cli/stack/file.js");
    const script = `process.stdin; console.log(require(${JSON.stringify(reader)}).readStateFile("-").resources.length)`;
    // A shell's pipe: what Node gives to its children waits by itself.
    const late = `( sleep 1; cat "$STATE" ) | "$NODE" -e "$SCRIPT"`;
    const state = join(folder, "late.json");
    writeFileSync(state, exported);
    const env = { ...process.env, STATE: state, NODE: process.execPath, SCRIPT: script };
    const { stdout } = await promisify(execFile)("sh", ["-c", late], { env });
    expect(stdout.trim()).toBe("1");
  });
});
