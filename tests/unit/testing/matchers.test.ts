import { expect as jestExpect } from "expect";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as utho from "../../../sdk";
import { fixtures, type UthoMocks, uthoMatchers, uthoMocks } from "../../../testing";
import "../../../testing/jest";
import "../../../testing/vitest";

expect.extend(uthoMatchers);
jestExpect.extend(uthoMatchers);

let mocks: UthoMocks;

beforeEach(async () => {
  mocks = await uthoMocks(fixtures.snapshotOfEach);
  await mocks.run(() => () => {
    new utho.Snapshot("web", { cloudId: "1001", triggers: ["2.4.0"] });
    utho.Snapshot.get("theirs", "1002/5002");
  });
});

afterEach(() => mocks.close());

/** What a failed expectation says. */
function complaint(expectation: () => void): string {
  try {
    expectation();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("The expectation holds.");
}

describe("matchers in vitest", () => {
  it("look at the simulated Utho, of mocks or by itself", () => {
    expect(mocks).toHaveSnapshotOf("1001");
    expect(mocks.simulator).toHaveSnapshotOf("1001", { name: "web-1 by hand", count: 1 });
    expect(mocks).toHaveSnapshotOf("1001", { name: /^stack-web-/, sizeGb: 50 });
    expect(mocks).toHaveSnapshotOf("1001", { count: 2 });
    expect(mocks).not.toHaveSnapshotOf("1001", { status: "Error" });
    expect(mocks).not.toHaveSnapshotOf("1001", { count: 1 });
    expect(mocks).not.toHaveSnapshotOf("1003");
    expect(mocks).toHaveServerNamed("db-1", { powerState: "Running" });
    expect(mocks.simulator).not.toHaveServerNamed("db-2");
  });

  it("look at what the program declared, and leave out what it only reads", () => {
    expect(mocks).toDeclareSnapshot();
    expect(mocks).toDeclareSnapshot("web", { cloudId: "1001", triggers: expect.arrayContaining(["2.4.0"]) });
    expect(mocks).not.toDeclareSnapshot("web", { cloudId: "1002" });
    expect(mocks).not.toDeclareSnapshot("theirs");
    expect(mocks).not.toDeclareSnapshotRestore();
    expect(mocks).not.toDeclareSnapshotRotation();
    expect(mocks).not.toDeclareServerClone("web");
  });

  it("say what exists instead", () => {
    const lost = complaint(() => expect(mocks).toHaveSnapshotOf("1003"));
    expect(lost).toContain('expected a snapshot of server 1003 like {"status":"Active"}; there is:');
    expect(lost).toContain('1002/5002 "db-1 by hand" Active, of: db-1 as it was good');
    expect(complaint(() => expect(mocks).not.toHaveSnapshotOf("1001"))).toContain("expected not a snapshot");
    expect(complaint(() => expect(mocks).toHaveServerNamed("mail"))).toContain("1001 web-1 Active Running");
    const undeclared = complaint(() => expect(mocks).toDeclareSnapshot("db", { cloudId: "1002" }));
    expect(undeclared).toContain('a Snapshot "db" with {"cloudId":"1002"}; there is:');
    expect(undeclared).toContain('Snapshot "web" {"cloudId":"1001","triggers":["2.4.0"]}');
  });

  it("refuse what they are not for, negated too: that would always hold", () => {
    expect(() => expect([]).not.toHaveSnapshotOf("1001")).toThrow(TypeError);
    expect(() => expect(mocks.simulator).not.toDeclareSnapshot()).toThrow(TypeError);
    expect(() => expect(mocks.simulator.cloud).not.toHaveServerNamed("web-1")).toThrow(TypeError);
  });
});

it("matchers work in jest's expect as in vitest's", () => {
  jestExpect(mocks).toHaveSnapshotOf("1001", { name: /by hand/ });
  jestExpect(mocks).not.toHaveSnapshotOf("1003");
  jestExpect(mocks).toDeclareSnapshot("web", { triggers: jestExpect.arrayContaining(["2.4.0"]) });
  expect(complaint(() => jestExpect(mocks).toDeclareSnapshot("db"))).toContain('a Snapshot "db"; there is:');
  expect(complaint(() => jestExpect(mocks).not.toHaveServerNamed("web-1"))).toContain(
    "expected not a server",
  );
});
