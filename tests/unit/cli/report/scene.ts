import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { run } from "../../../../cli/program";
import type { Report } from "../../../../cli/report/model";
import { generateName } from "../../../../provider/utho/names";
import { SNAPSHOT_FORWARDER, SNAPSHOT_TYPE } from "../../../../sdk/forwarder";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../../../simulator";
import { session } from "../../../support/terminal";

export type Json = Record<string, unknown>;

/** One resource as `pulumi stack export` prints it. */
export interface RawResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Json;
  outputs?: Json;
  [key: string]: unknown;
}

export function urnOf(stack: string, name: string, type = SNAPSHOT_TYPE): string {
  return `urn:pulumi:${stack}::shop::${type}::${name}`;
}

/** What state holds of a Snapshot that was Active when it was last seen. */
export function declared(
  stack: string,
  name: string,
  snapshot: { id: string; cloudId: string; name: string; sizeGb: number },
  more: Partial<RawResource> = {},
): RawResource {
  const urn = urnOf(stack, name);
  const { cloudId, sizeGb } = snapshot;
  const inputs = { __provider: SNAPSHOT_FORWARDER, cloudId, name: snapshot.name, resourceUrn: urn };
  return {
    urn,
    custom: true,
    type: SNAPSHOT_TYPE,
    id: `${cloudId}/${snapshot.id}`,
    inputs,
    outputs: {
      ...inputs,
      snapshotId: snapshot.id,
      status: "Active",
      sizeGb,
      monthlyCost: sizeGb * 4,
      serverName: `server-${cloudId}`,
      recorded: { name: snapshot.name, sizeGb },
    },
    ...more,
  };
}

/** What `pulumi stack export` prints. */
export function exportOf(stack: string, resources: RawResource[], pending: Json[] = []): Json {
  const root = {
    urn: `urn:pulumi:${stack}::shop::pulumi:pulumi:Stack::shop-${stack}`,
    type: "pulumi:pulumi:Stack",
  };
  return {
    version: 3,
    deployment: { manifest: {}, resources: [root, ...resources], pending_operations: pending },
  };
}

/** An account with the files of a project beside it. */
export class Scene {
  private constructor(
    readonly simulator: Simulator,
    readonly folder: string,
  ) {}

  static async begin(options: SimulatorOptions = {}): Promise<Scene> {
    const simulator = await startSimulator(options);
    const folder = mkdtempSync(join(tmpdir(), "pulumi-utho-report-"));
    onTestFinished(async () => {
      rmSync(folder, { recursive: true, force: true });
      await simulator.close();
    });
    return new Scene(simulator, folder);
  }

  /** A snapshot with a generated name, as a run of `stack` would have made it. */
  take(stack: string, name: string, cloudId: string, ageMs = 0) {
    const now = this.simulator.cloud.now() - ageMs;
    const generated = generateName(urnOf(stack, name), now);
    return this.simulator.cloud.addSnapshot({ cloudId, name: generated, createdAt: now });
  }

  file(name: string, content: unknown): string {
    const path = join(this.folder, name);
    writeFileSync(
      path,
      typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    );
    return path;
  }

  /** Runs `pulumi-utho report` with the account's token in the environment. */
  async command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
    const env = { UTHO_TOKEN: this.simulator.token, UTHO_ENDPOINT: this.simulator.url };
    const { terminal, out, err } = session({ env });
    const code = await run(["report", ...args], terminal);
    return { code, out: out.join("\n"), err: err.join("\n") };
  }

  /** The JSON report of these states, with the exit code. */
  async report(states: Json[], ...args: string[]): Promise<{ code: number; report: Report }> {
    const files = states.map((state, index) => this.file(`state-${index}.json`, state));
    const flags = files.flatMap((file) => ["--state", file]);
    const { code, out, err } = await this.command(...flags, "--format", "json", ...args);
    if (err !== "") throw new Error(err);
    const report: Report = JSON.parse(out);
    return { code, report };
  }
}
