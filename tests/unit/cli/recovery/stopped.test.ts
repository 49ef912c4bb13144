import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { run } from "../../../../cli/program";
import { RESTORE_TYPE } from "../../../../sdk/forwarder";
import { type Simulator, startSimulator } from "../../../../simulator/index";
import { session } from "../../../support/terminal";
import { exportOf, urnOf } from "../report/scene";

let folder: string;
let simulator: Simulator;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "stopped-"));
  simulator = await startSimulator({
    servers: [{ cloudId: "1001", hostname: "web-1" }],
    snapshots: [{ id: "5001", cloudId: "1001", name: "golden", status: "Active" }],
  });
});
afterEach(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A Pulumi whose update ends at Ctrl-C as the real one does, and whose state then holds these resources. */
function pulumiThatIsStopped(resources: Parameters<typeof exportOf>[1]): string {
  const file = join(folder, "pulumi");
  const state = JSON.stringify(exportOf("now", resources));
  writeFileSync(
    file,
    `#!${process.execPath}
const { writeFileSync } = require("node:fs");
const line = process.argv.slice(2).join(" ");
if (line.startsWith("up ")) {
  process.on("SIGINT", () => process.exit(255));
  writeFileSync(${JSON.stringify(join(folder, "updating"))}, "");
  setInterval(() => {}, 1000);
} else if (line.startsWith("stack export")) console.log(${JSON.stringify(state)});
`,
  );
  chmodSync(file, 0o755);
  return folder;
}

async function restoreStopped(path: string) {
  const env = {
    ...{ PATH: path, PULUMI_HOME: join(folder, "home") },
    ...{ UTHO_TOKEN: simulator.token, UTHO_ENDPOINT: simulator.url },
  };
  const { terminal, out, err, end } = session({ env });
  const ended = run(["restore", "web-1", "--to", "5001", "--yes"], terminal);
  await expect.poll(() => readdirSync(folder), { timeout: 20_000 }).toContain("updating");
  end();
  return { code: await ended, out: out.join("\n"), err: err.join("\n") };
}

const outputs = {
  snapshot: "1001/5001",
  cloudId: "1001",
  restoredSnapshotId: "1001/5001",
  phase: "restored",
};

it("reports a restore that was done before Ctrl-C stopped the run", async () => {
  const restore = { urn: urnOf("now", "restore-1", RESTORE_TYPE), type: RESTORE_TYPE, id: "restore-1" };
  const { code, out, err } = await restoreStopped(pulumiThatIsStopped([{ ...restore, inputs: {}, outputs }]));
  expect(err).toContain("stopping: what has begun is ended first");
  expect(out).toContain("web-1 was put back to snapshot 1001/5001");
  expect(code, err).toBe(0);
});

it("says of one that is not done that it was stopped, and how it goes on", async () => {
  const { code, out, err } = await restoreStopped(pulumiThatIsStopped([]));
  expect([code, out]).toEqual([1, ""]);
  expect(err).toContain("UTHO_CANCELLED could not put web-1 back: it was stopped.");
  expect(err).toContain("restore web-1 --to 1001/5001 --yes` again: it goes on from there");
});
