import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type GuardedProvider, guard } from "../../../provider/guard";
import { RestoreLifecycle } from "../../../provider/restore/lifecycle";
import { SnapshotLifecycle } from "../../../provider/snapshot/lifecycle";
import { ProviderRuntime } from "../../../provider/utho/runtime";
import { type ScriptedServer, startScriptedServer } from "../client/scripted-server";

/** What an attacker might write into a state file or a program to reach another path. */
const ODD_IDS = [
  "1001/../x",
  "1001/9001/../../../account/info",
  "../cloud/1001",
  "1001/9001?confirm=1",
  "1001/9001#",
  "1001%2f..%2f1002/9001",
  "1001/9001 HTTP/1.1\r\nHost: elsewhere",
  "1001/\u0661\u0662",
  "1001/-1",
  "1001/9001/delete",
  `1001/${"9".repeat(21)}`,
  "https://elsewhere.example/9001",
];

let server: ScriptedServer;
let runtime: ProviderRuntime;

beforeEach(async () => {
  // No call is expected; any call fails the test when the server is closed.
  server = await startScriptedServer([]);
  runtime = new ProviderRuntime({ env: { UTHO_TOKEN: "token", UTHO_ENDPOINT: server.url } });
});

afterEach(() => server.close());

async function failureOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "no failure",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}

describe.each(ODD_IDS)("the resource id %j", (id) => {
  const calls: [string, (provider: GuardedProvider) => Promise<unknown>][] = [
    ["read", (provider) => provider.read(id, {})],
    ["delete", (provider) => provider.delete(id, {})],
    ["update", (provider) => provider.update(id, {}, { cloudId: "1001", resourceUrn: "urn:x" })],
  ];

  it.each(calls)("is refused by a Snapshot's %s before anything is sent", async (_what, call) => {
    const message = await failureOf(call(guard(runtime, (its) => new SnapshotLifecycle(its))));
    expect(message).toMatch(/UTHO_(ID_FORMAT|ARGUMENT)/);
  });

  it("is refused as the snapshot to restore", async () => {
    const provider = guard(runtime, (its) => new RestoreLifecycle(its));
    const { failures } = await provider.check({}, { snapshot: id, resourceUrn: "urn:x" });
    expect(failures.map(({ property }) => property)).toContain("snapshot");
  });
});

describe.each(["1001/../1002", "..", "1001?x", "%31", "１００１", "0x3e9", "1e3"])(
  "the cloudId %j",
  (cloudId) => {
    it("is refused by check", async () => {
      const provider = guard(runtime, (its) => new SnapshotLifecycle(its));
      const { failures } = await provider.check({}, { cloudId, resourceUrn: "urn:x" });
      expect(failures.map(({ property }) => property)).toContain("cloudId");
    });

    it("is refused by create as well when no check came before", async () => {
      const provider = guard(runtime, (its) => new SnapshotLifecycle(its));
      const message = await failureOf(provider.create({ cloudId, name: "n", resourceUrn: "urn:x" }));
      expect(message).toContain("UTHO_");
    });
  },
);
