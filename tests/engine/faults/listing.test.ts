import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SimulatorSettings } from "../../../simulator";
import { codeOf } from "../../support/faults/code";
import { Together } from "./together";

let together: Together;
beforeAll(async () => {
  together = await Together.begin();
});
afterAll(async () => {
  await together.end();
  console.log(`[reliability] listings=${ODD.length}`);
});

/** Ways in which Utho's listings may be late, incomplete, missing or oddly written, none of which may mislead. */
const ODD: readonly (readonly [name: string, settings: Partial<SimulatorSettings>])[] = [
  ["listed late by the account", { accountListingLagMs: 150 }],
  ["listed late by the server", { serverListingLagMs: 150 }],
  ["listed late by both", { accountListingLagMs: 150, serverListingLagMs: 150 }],
  [
    "listed later than a lost answer is waited for",
    { accountListingLagMs: 600, serverListingLagMs: 600, snapshotDurationMs: 800 },
  ],
  ["listings that disagree for a while", { listingsDisagreeForMs: 300 }],
  ["a bulk listing that lacks the newest", { bulkListingLacks: 1, statusInServerList: true }],
  ["getdeploy is 404", { accountListing: "absent404" }],
  ["getdeploy is taken for a server", { accountListing: "swallowed-by-cloudid" }],
  ["GET /snapshot is bare", { accountListing: "absent404", snapshotListing: "bare" }],
  ["GET /snapshot has data", { accountListing: "absent404", snapshotListing: "data" }],
  [
    "GET /snapshot names no server",
    { accountListing: "absent404", snapshotListingFields: "likeServer", statusInServerList: true },
  ],
  ["no account listing", { accountListing: "absent404", snapshotListing: "absent" }],
  [
    "no listing but the server's own answer",
    { accountListing: "absent404", snapshotListing: "absent", serverListHasSnapshots: false },
  ],
  [
    "pages that repeat rows",
    { accountListing: "absent404", snapshotListing: "absent", pageShift: 1, maxPerPage: 1 },
  ],
  [
    "pages that skip rows",
    { accountListing: "absent404", snapshotListing: "absent", pageShift: -1, maxPerPage: 1 },
  ],
  ["ids as numbers", { idsAs: "number" }],
  ["ids as numbers here and texts there", { idsAs: "mixed" }],
  ["a status in the server's answer", { statusInServerList: true }],
  ["stray bytes", { strayBytes: "\n\ufeffnotice: maintenance\n" }],
  ["sizes with a blank", { sizeStyle: "50 GB" }],
  ["sizes as numbers", { sizeStyle: "number" }],
  ["no status field", { statusField: "missing" }],
  ["errors as HTTP 4xx", { errorStyle: "http4xx-status-message" }],
  ["errors as lists", { errorStyle: "http4xx-errors-list", unknownServer: "statusError" }],
  ["deletions answered empty", { deleteAnswer: "empty" }],
  ["deletions answered null, and slow", { deleteAnswer: "null", deleteDurationMs: 100 }],
  ["a busy server during deletions", { deletesCountAsBusy: true, deleteDurationMs: 100 }],
];

describe("a whole life while Utho's listings are", () => {
  it.concurrent.each(ODD)("%s", async (_name, settings) => {
    const account = await together.account({ settings });
    // An older snapshot of another owner, which no listing may make us mistake for ours.
    const createdAt = new Date(account.simulator.cloud.now() - 86_400_000).toISOString();
    account.simulator.cloud.addSnapshot({ cloudId: "1001", name: "by hand", createdAt });
    const others = () => account.simulator.cloud.snapshots().filter(({ name }) => name !== "by hand");

    await account.calm(account.up());
    expect(others().map(({ id }) => id)).toEqual([account.idOf("a")]);
    const first = account.idOf("a");
    await account.calm(account.engine.refresh());
    expect(account.idOf("a")).toBe(first);
    await account.calm(account.up());
    expect(account.idOf("a")).toBe(first);

    account.declare("a", { triggers: ["v2"] });
    await account.calm(account.up());
    // A deletion that was accepted goes on by itself.
    account.simulator.advance(settings.deleteDurationMs ?? 0);
    expect(others().map(({ id }) => id)).toEqual([account.idOf("a")]);
    expect(account.idOf("a")).not.toBe(first);

    account.program.clear();
    await account.calm(account.up());
    account.simulator.advance(settings.deleteDurationMs ?? 0);
    expect(others()).toEqual([]);
    expect(account.simulator.cloud.snapshots()).toHaveLength(1);
  });
});

describe("a snapshot that was deleted outside", () => {
  it.concurrent.each(ODD)("is seen as gone when the listings are: %s", async (_name, settings) => {
    const account = await together.account({ settings });
    await account.calm(account.up());
    account.simulator.cloud.deleteSnapshot(account.idOf("a") ?? "");
    // A listing that still shows it is believed for as long as it does.
    account.simulator.advance(settings.listingsDisagreeForMs ?? 0);
    await account.calm(account.engine.refresh());
    expect(account.idOf("a")).toBeUndefined();
    await account.calm(account.up());
    expect(account.disagreements()).toEqual([]);
  });
});

describe("a snapshot whose server was deleted", () => {
  const NO_ACCOUNT_LISTING = { accountListing: "absent404", snapshotListing: "absent" } as const;

  it("stays when the account's listing shows that it survived", async () => {
    const account = await together.account();
    await account.calm(account.up());
    account.simulator.cloud.removeServer("1001");
    await account.calm(account.engine.refresh());
    expect(account.idOf("a")).toBeDefined();
  });

  it("is gone when the account's listing lacks it too", async () => {
    const account = await together.account({ settings: { snapshotsSurviveServer: false } });
    await account.calm(account.up());
    account.simulator.cloud.removeServer("1001");
    await account.calm(account.engine.refresh());
    expect(account.idOf("a")).toBeUndefined();
  });

  it.each([
    ["survived, and servers list their snapshots", true, true],
    ["survived, and servers list none", true, false],
    ["went with it, and servers list their snapshots", false, true],
    ["went with it, and servers list none", false, false],
  ])("stays in state when its end is uncertain: it %s", async (_name, survives, listed) => {
    const account = await together.account({
      settings: {
        ...NO_ACCOUNT_LISTING,
        snapshotsSurviveServer: survives,
        serverListHasSnapshots: listed,
      },
    });
    await account.calm(account.up());
    account.simulator.cloud.removeServer("1001");
    const { errors } = await account.engine.refresh();
    expect(errors.map(codeOf)).toEqual(["UTHO_CANNOT_TELL"]);
    expect(account.idOf("a")).toBeDefined();
  });
});

describe("a lost answer to a creation", () => {
  it("leaves a second snapshot, which is reported, when listings lag longer than utho:listingLag", async () => {
    const lag = { accountListingLagMs: 700, serverListingLagMs: 700 };
    const account = await together.account({
      settings: { ...lag, snapshotDurationMs: 1_500, busyRule: "accept" },
    });
    account.simulator.faults.add({ operation: "snapshot.create", phase: "after", kind: { cut: true } });
    await account.calm(account.up());
    const [one, other, ...more] = account.simulator.cloud.snapshots();
    expect(more).toEqual([]);
    expect([one?.id, other?.id]).toContain(account.idOf("a"));
    const surplus = account.idOf("a") === one?.id ? other?.id : one?.id;
    expect(together.said()).toContain(`Delete what you do not need: ${surplus}.`);
  });

  it("makes no second snapshot while the server is busy with the first", async () => {
    const lag = { accountListingLagMs: 700, serverListingLagMs: 700 };
    const account = await together.account({ settings: { ...lag, snapshotDurationMs: 1_000 } });
    account.simulator.faults.add({ operation: "snapshot.create", phase: "after", kind: { cut: true } });
    await account.calm(account.up());
    expect(account.disagreements()).toEqual([]);
  });
});
