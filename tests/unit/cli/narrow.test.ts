import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { adoptionOf } from "../../../cli/adopt/entries";
import { planLines } from "../../../cli/adopt/screen";
import { run } from "../../../cli/program";
import { snapshotStatus } from "../../../client/status";
import { type Simulator, startSimulator } from "../../../simulator";
import { session } from "../../support/terminal";

const LONG = "db-primary-mumbai-zone-2.internal.production.example-company.com";
/** Names of a fleet: they begin alike, and differ at the end. */
const servers = Array.from({ length: 40 }, (_, index) => ({
  cloudId: String(1_246_500 + index),
  hostname: index === 0 ? "web-1" : `${LONG}-${index}`,
  diskGb: 40,
}));
const NAME = "prod-nightly-of-the-accounting-department";
const snapshots = servers.flatMap(({ cloudId }, index) => [
  { cloudId, name: `${NAME}-${index} by hand` },
  ...(index === 0 ? [{ cloudId, name: "broken", status: "Error" }] : []),
]);

let simulator: Simulator;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-narrow-"));
  simulator = await startSimulator({ servers, snapshots });
  const state = { version: 3, deployment: { manifest: {}, resources: [] } };
  writeFileSync(join(folder, "state.json"), JSON.stringify(state));
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Lines on a screen of this width. */
async function shown(width: number, args: readonly string[]): Promise<string[]> {
  const env = { UTHO_TOKEN: simulator.token, UTHO_ENDPOINT: simulator.url };
  const { terminal, out, err } = session({ env, width });
  await run(args, terminal);
  const lines = [...out, ...err].join("\n").split("\n");
  for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(width);
  return lines;
}

/** What stands in a column of each row, by the head of that column and of the next one. */
function cells(lines: readonly string[], head: string, next?: string): string[] {
  const at = lines.findIndex((line) => line.includes(head));
  const from = lines[at]?.indexOf(head) ?? 0;
  const to = next === undefined ? undefined : lines[at]?.indexOf(next);
  const end = lines.findIndex((line, index) => index > at && line === "");
  return lines.slice(at + 1, end === -1 ? undefined : end).map((line) => line.slice(from, to).trim());
}

describe.each([80, 120])("on a screen of %d columns", (width) => {
  it("the report names each server so that it is known from the others, in both tables", async () => {
    const lines = await shown(width, ["report", "--state", join(folder, "state.json")]);
    const [snapshotHead = 0, serverHead = 0] = lines.flatMap((line, index) =>
      /\bServer\b.*(Age|Recovery)|\bServer\s+Owner/.test(line) ? [index] : [],
    );
    const rows = cells(lines.slice(snapshotHead), "Server", "Age");
    expect(new Set(rows).size).toBe(40);
    const names = cells(lines.slice(serverHead), "Server", "Recovery");
    expect(new Set(names).size).toBe(40);
    for (const name of names) expect(name).toMatch(/\(12465\d\d\)$/);
  });

  it("a rotation's plan names each server, by its id too where nothing is there yet", async () => {
    const ids = servers.flatMap(({ cloudId }) => ["--cloud-id", cloudId]);
    const policy = ["--prefix", "none-yet", "--every", "24h", "--keep-daily", "7"];
    const lines = await shown(width, ["rotation", "plan", ...ids, ...policy]);
    expect(new Set(cells(lines, "Server", "Snapshot")).size).toBe(40);
    expect(cells(lines, "Snapshot", "Taken")).toEqual(servers.map(({ cloudId }) => `${cloudId}/new`));
  });

  it("restore says why each snapshot is there, and that one is not usable", async () => {
    expect(await shown(width, ["restore", `${LONG}-7`])).toContainEqual(
      expect.stringContaining("made by hand"),
    );
    const lines = await shown(width, ["restore", "web-1"]);
    expect(lines).toContainEqual(expect.stringContaining("not usable (Error), made by hand"));
  });

  it("adopt names each server and snapshot so that it is known from the others", () => {
    const adoptions = servers.slice(1).map((server, index) =>
      adoptionOf({
        snapshot: {
          ...{ id: "9034525", cloudId: server.cloudId, name: `${NAME}-${index}`, sizeGb: 40 },
          ...{ status: snapshotStatus("Active"), createdAt: "2026-11-24T15:16:10" },
        },
        server: { cloudId: server.cloudId, hostname: server.hostname },
        logicalName: `${NAME}-${index}`,
        stackUrn: "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev",
        zone: () => "UTC",
        accountId: undefined,
      }),
    );
    const lines = planLines(adoptions, [], session({ width }).terminal);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
    for (const [head, next] of [
      ["Name", "Server"],
      ["Server", width === 80 ? "Taken" : "Size"],
      ["Logical name"],
    ])
      expect(new Set(cells(lines, head ?? "", next)).size).toBe(39);
    expect(cells(lines, "Taken", "Logical")[0]).toBe("2026-11-24 15:16");
  });
});

describe("init nightly", () => {
  it("asks again after a name that is no server's, and writes nothing where the person gives up", async () => {
    const answers = ["web-1 web-2", undefined];
    const place = join(folder, "backups");
    const env = { UTHO_TOKEN: simulator.token, UTHO_ENDPOINT: simulator.url };
    const { terminal, err } = session({ env, answer: async () => answers.shift() });
    expect(await run(["init", "nightly", place], terminal)).toBe(2);
    expect(err.join("\n")).toMatch(
      /no server "web-2"; did you mean "web-1".*\n.*no server was chosen, and nothing was written/s,
    );
    expect(existsSync(place)).toBe(false);
  });
});
