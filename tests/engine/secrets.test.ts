import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FaultKind, type Simulator, startSimulator } from "../../simulator";
import { DOOR } from "../support/doors";
import { type Run, Stack } from "../support/stack";

/** Every character that some encoding writes differently, and long enough to be nothing else. */
const TOKEN = "S3cr3t/T0ken+of=this&test?x<y>%41~end";

const PROGRAM = `
const taken = new utho.Snapshot("web", { cloudId: "1001" });
exports.all = { ...taken };
exports.found = utho.getServers();
`;

/** A look-up whose error the program swallows, so that the resource's own error is seen in the same run. */
const FAILING = `
new utho.Snapshot("web", { cloudId: "1001" });
utho.getServers().then(() => {}, (error) => pulumi.log.warn("look-up said: " + error.message + error.stack));
`;

const ECHOES = [
  `Authorization: Bearer ${TOKEN}`,
  `/v2/cloud?token=${encodeURIComponent(TOKEN)}`,
  Buffer.from(`Bearer ${TOKEN}`).toString("base64"),
].join(" ");

/** Troubles in which whoever answers repeats what it was sent. */
const TROUBLES: readonly { what: string; kind: FaultKind; code: RegExp }[] = [
  {
    what: "a 401 that repeats the header",
    kind: { status: 401, body: { status: "error", message: `Unknown token: ${ECHOES}` } },
    code: /UTHO_AUTH/,
  },
  {
    what: "a gateway's page that repeats the request",
    kind: { status: 502, body: `<html><body><pre>${ECHOES}</pre></body></html>` },
    code: /UTHO_ANSWER_LOST/,
  },
  {
    what: "a page with status 200 that repeats the request",
    kind: { garbled: `<!DOCTYPE html><p>${ECHOES}</p>` },
    code: /UTHO_ANSWER_LOST/,
  },
  {
    what: "an error inside 200 that repeats the request",
    kind: { errorIn200: ECHOES },
    code: /UTHO_BAD_REQUEST/,
  },
  {
    what: "a redirect that carries the token",
    kind: { redirectTo: `http://127.0.0.1:1/?token=${encodeURIComponent(TOKEN)}` },
    code: /UTHO_ANSWER_LOST/,
  },
  { what: "a connection that is cut", kind: { cut: true }, code: /UTHO_ANSWER_LOST/ },
];

/** How a token may be written: as it is, in a URL, in JSON, in HTML, and in base64 at any distance from its start. */
const SPELLINGS: ReadonlySet<string> = new Set([
  TOKEN,
  encodeURIComponent(TOKEN),
  encodeURI(TOKEN),
  new URLSearchParams({ "": TOKEN }).toString().slice(1),
  encodeURIComponent(TOKEN).replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase()),
  TOKEN.replaceAll("/", "\\/"),
  TOKEN.replaceAll("&", "\\u0026").replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
  TOKEN.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  ...["", "x", "xx"].flatMap((before) => {
    const bytes = Buffer.from(before + TOKEN);
    // Without the characters that also depend on what stands around the token.
    const trim = (text: string): string =>
      text.replace(/=+$/, "").slice(Math.ceil((before.length * 8) / 6), -1);
    return [trim(bytes.toString("base64")), trim(bytes.toString("base64url"))];
  }),
]);

function showsToken(text: string): boolean {
  return [...SPELLINGS].some((spelling) => text.includes(spelling));
}

/** Lines that show the token. Messages of failing tests may show them, since the token opens no account. */
function linesWithToken(text: string): string[] {
  return text.split("\n").filter(showsToken);
}

/** Every file below the stack's folder: state, its backups and history, logs and what a plugin left behind. */
function filesWithToken(stack: Stack): string[] {
  const files = readdirSync(stack.folder, { recursive: true, withFileTypes: true });
  return files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => showsToken(readFileSync(file, "utf8")));
}

describe("the search for the token", () => {
  it("is found however it is written", () => {
    const around = Buffer.from(`Bearer ${TOKEN} and more`).toString("base64");
    const query = new URLSearchParams({ token: TOKEN }).toString();
    for (const text of [TOKEN, JSON.stringify({ TOKEN }), around, query]) expect(showsToken(text)).toBe(true);
    expect(showsToken("S3cr3t and T0ken")).toBe(false);
  });
});

describe("the token", () => {
  let simulator: Simulator;
  let stack: Stack;

  beforeEach(async () => {
    simulator = await startSimulator({ token: TOKEN });
  });

  afterEach(async () => {
    stack.dispose();
    await simulator.close();
  });

  /** The engine blanks the secrets of its configuration out of what it prints; it knows nothing of this one. */
  function withTokenOfEnvironment(
    program: string,
    config: Record<string, string> = {},
    token = TOKEN,
  ): Promise<Stack> {
    return Stack.create({
      program,
      simulator,
      config: { "utho:token": undefined, ...config },
      env: { UTHO_TOKEN: token },
    });
  }

  it("is in nothing that a good run prints or keeps, from preview to destroy", async () => {
    stack = await withTokenOfEnvironment(PROGRAM);
    const runs: Run[] = [];
    const keep = async (run: Promise<Run>): Promise<Run> => {
      runs.push(await run);
      return run;
    };
    await keep(stack.preview("--diff"));
    const up = await keep(stack.up("--show-full-output", "--diff"));
    expect(up.code, up.output).toBe(0);
    simulator.cloud.renameSnapshot(simulator.cloud.snapshots()[0]?.id ?? "", "renamed");
    await keep(stack.preview("--refresh", "--json"));
    await keep(stack.run(["stack", "output", "--json", "--show-secrets"]));
    await keep(stack.run(["stack", "--show-urns"]));
    const state = await stack.export();
    const destroy = await keep(stack.destroy());
    expect(destroy.code, destroy.output).toBe(0);
    expect(simulator.cloud.snapshots()).toEqual([]);

    expect(linesWithToken(runs.map(({ output }) => output).join("\n"))).toEqual([]);
    expect(linesWithToken(JSON.stringify(state, undefined, 1))).toEqual([]);
    expect(filesWithToken(stack)).toEqual([]);
    if (DOOR === "plugin") return;
    const snapshot = state.deployment.resources?.find(({ type }) => type.endsWith("utho:Snapshot"));
    expect(snapshot?.inputs?.__provider).toBe(
      'exports.handler = () => require("pulumi-utho/provider").snapshot;',
    );
    expect(snapshot?.outputs?.__provider).toBe(snapshot?.inputs?.__provider);
  });

  it("is in no log of our own at the highest level, where the engine logs its configuration", async () => {
    stack = await Stack.create({ program: PROGRAM, simulator });
    const fromConfig = await stack.up("--logtostderr", "-v=9");
    expect(fromConfig.code, fromConfig.output).toBe(0);
    const ofTheEngine = /CheckConfig|DiffConfig|Configure\(|pulumi:providers:(pulumi-nodejs|utho)::default/;
    expect(linesWithToken(fromConfig.output).filter((line) => !ofTheEngine.test(line))).toEqual([]);
  });

  it("is unknown to the engine's log when it comes from the environment", async () => {
    stack = await withTokenOfEnvironment(PROGRAM);
    const up = await stack.up("--logtostderr", "-v=9");
    expect(up.code, up.output).toBe(0);
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    expect(linesWithToken(up.output)).toEqual([]);
    expect(filesWithToken(stack)).toEqual([]);
  });

  it("is in nothing that is said of a refused one", async () => {
    stack = await withTokenOfEnvironment(FAILING, {}, `${TOKEN}-old`);
    const up = await stack.up();
    expect(up.code, up.output).not.toBe(0);
    expect(up.output).toContain("UTHO_AUTH");
    expect(linesWithToken(up.output)).toEqual([]);
    expect(filesWithToken(stack)).toEqual([]);
    expect(simulator.requests.count("snapshot.create")).toBe(0);
  });

  it("is in no refusal of a configuration that has it as the endpoint", async () => {
    stack = await withTokenOfEnvironment(FAILING, { "utho:endpoint": TOKEN }, "https://api.utho.com/v2");
    const preview = await stack.preview();
    expect(preview.code, preview.output).not.toBe(0);
    expect(preview.output).toContain("UTHO_CONFIG_INVALID");
    expect(linesWithToken(preview.output)).toEqual([]);
    expect(simulator.requests.count()).toBe(0);
  });
});

describe("the token, when an answer repeats it", () => {
  let simulator: Simulator;
  let stack: Stack;

  beforeAll(async () => {
    simulator = await startSimulator({ token: TOKEN });
    const config = { "utho:maxRetries": "0", "utho:token": undefined };
    stack = await Stack.create({ program: FAILING, simulator, config, env: { UTHO_TOKEN: TOKEN } });
  });

  afterAll(async () => {
    stack.dispose();
    await simulator.close();
  });

  for (const { what, kind, code } of TROUBLES) {
    it(`is in nothing that is said of ${what}`, async () => {
      simulator.faults.clear();
      simulator.faults.add({ operation: "snapshot.create", phase: "before", kind, times: "always" });
      simulator.faults.add({ operation: "server.list", phase: "before", kind, times: "always" });
      const up = await stack.up();
      expect(up.code, up.output).not.toBe(0);
      expect(up.output).toMatch(code);
      expect(up.output).toMatch(/look-up said: .*UTHO_/);
      simulator.faults.assertAllFired();
      expect(linesWithToken(up.output)).toEqual([]);
      expect(filesWithToken(stack)).toEqual([]);
      expect(simulator.cloud.snapshots()).toEqual([]);
    });
  }
});
