import { createRequire } from "node:module";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import * as utho from "../../../sdk";
import { type Simulator, startSimulator } from "../../../simulator";

/** How Pulumi keeps inline programs apart; its declarations leave it out. */
interface State {
  getStore(): { settings: object };
  withLocalStorage<T>(work: () => T): T;
}
const { getStore, withLocalStorage }: State = createRequire(__filename)("@pulumi/pulumi/runtime/state");

let first: Simulator;
let second: Simulator;

beforeAll(async () => {
  first = await startSimulator({
    servers: [{ cloudId: "1001", hostname: "first" }],
    token: "token-of-first",
  });
  second = await startSimulator({
    servers: [{ cloudId: "2001", hostname: "second" }],
    token: "token-of-second",
  });
});
beforeEach(() => {
  for (const simulator of [first, second]) simulator.requests.clear();
});
afterAll(async () => {
  await first.close();
  await second.close();
});

interface Account {
  token: string;
  url: string;
}

/** Runs a program as the Automation API runs an inline one: in a store of its own, with its own engine. */
function inline<T>({ token, url }: Account, program: () => Promise<T>): Promise<T> {
  return withLocalStorage(async () => {
    // No program here declares anything, so that nothing is asked of this engine.
    Object.assign(getStore().settings, { monitor: {} });
    pulumi.runtime.setAllConfig({
      "utho:token": token,
      "utho:endpoint": url,
      "utho:maxRetries": "0",
    });
    return program();
  });
}

const hostnames = async (sdk: typeof utho = utho): Promise<string[]> => {
  const { servers } = await sdk.getServers();
  return servers.map(({ hostname }) => hostname);
};

describe("look-ups of programs in one process", () => {
  it("answer each with its own account, one after the other and at the same time", async () => {
    expect(await inline(first, () => hostnames())).toEqual(["first"]);
    expect(await inline(second, () => hostnames())).toEqual(["second"]);
    const many = Array.from({ length: 6 }, (_none, index) => (index % 2 === 0 ? first : second));
    const answers = await Promise.all(
      many.map((account) => inline(account, async () => [await hostnames(), await hostnames()])),
    );
    expect(answers).toEqual(
      many.map((account) => (account === first ? [["first"], ["first"]] : [["second"], ["second"]])),
    );
  });

  it("refuse a wrong token, whatever was answered before, and accept the corrected one at once", async () => {
    expect(await inline(first, () => hostnames())).toEqual(["first"]);
    const wrong = { token: "token-of-first", url: second.url };
    await expect(inline(wrong, () => hostnames())).rejects.toThrow("UTHO_AUTH");
    await expect(inline({ token: "", url: second.url }, () => hostnames())).rejects.toThrow(
      "UTHO_TOKEN_MISSING",
    );
    expect(await inline(second, () => hostnames())).toEqual(["second"]);
  });

  it("go to another account as soon as the configuration says another, in one run too", async () => {
    const both = async () => {
      const before = await hostnames();
      pulumi.runtime.setAllConfig({ "utho:token": second.token, "utho:endpoint": second.url });
      return [before, await hostnames()];
    };
    expect(await inline(first, both)).toEqual([["first"], ["second"]]);
  });

  it("share what they have learned within a run, and with no other run", async () => {
    const twice = async () => [(await utho.getSnapshots()).snapshots, (await utho.getSnapshots()).snapshots];
    await inline(first, twice);
    expect(first.requests.count("snapshot.listByDeploy")).toBe(1);
    await inline(first, twice);
    expect(first.requests.count("snapshot.listByDeploy")).toBe(2);
  });

  it("take no notice of what another run has declared, and notice what another copy of the package has", async () => {
    vi.resetModules();
    const copy: typeof utho = await import("../../../sdk/index.js");
    expect(copy.getServers).not.toBe(utho.getServers);
    const { noteDeclaration } = await import("../../../sdk/run.js");
    const thrice = (declared: boolean) => async () => {
      await utho.getSnapshots();
      if (declared) noteDeclaration();
      await utho.getSnapshots();
      await copy.getSnapshots();
    };
    await inline(first, thrice(true));
    expect(first.requests.count("snapshot.listByDeploy")).toBe(3);
    first.requests.clear();
    await inline(first, thrice(false));
    // The copy asks for itself; what one of them knows, the other does not.
    expect(first.requests.count("snapshot.listByDeploy")).toBe(2);
    expect(
      await Promise.all([inline(first, () => hostnames(copy)), inline(second, () => hostnames())]),
    ).toEqual([["first"], ["second"]]);
  });
});

describe("a look-up with a filter that there is not", () => {
  it.each([
    ["nameregex", 'did you mean "nameRegex"?'],
    ["hostname", 'did you mean "name"?'],
    ["cloudID", 'did you mean "cloudId"?'],
    ["tags", "there are cloudId, status, name, nameRegex, createdAfter, createdBefore, mostRecent."],
  ])("refuses %s and says what there is", async (filter, hint) => {
    const args: Record<string, string> = { [filter]: "x" };
    for (const look of [utho.getServers, utho.getServer, utho.getSnapshots, utho.getSnapshot]) {
      const failure = inline(first, () => look(args).then(() => "answered"));
      await expect(failure).rejects.toThrow(/UTHO_LOOKUP_FILTER/);
      await expect(failure).rejects.toThrow(`"${filter}" is not a known filter; ${hint}`);
    }
    expect(first.requests.all()).toEqual([]);
  });
});
