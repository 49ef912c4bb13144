import { describe, expect, it } from "vitest";
import { Guard } from "../../live/observer/guard";

const PREFIX = "u0a1b2c3d-";
const OURS = { id: 5001, name: `${PREFIX}first`, cloudid: "1001" };

function guardOf(restore = false): Guard {
  const guard = new Guard({ cloudId: "1001", prefix: PREFIX, restore });
  guard.learn({
    snapshots: [
      OURS,
      { id: "5002", name: "someone's", cloudid: "1001" },
      { id: "5003", name: `${PREFIX}first`, cloudid: "1002" },
      { id: "5004", name: `not-${PREFIX}first`, cloudid: "1001" },
    ],
  });
  return guard;
}

describe("the live kit's guard", () => {
  it.each<[string, string, unknown]>([
    ["GET", "/cloud", undefined],
    ["GET", "/cloud/1002", undefined],
    ["POST", "/cloud/1001/snapshot/create", { name: `${PREFIX}second` }],
    ["DELETE", "/cloud/1001/snapshot/5001/delete", undefined],
  ])("lets pass %s %s", (method, path, body) => {
    expect(guardOf().objection("provider", method, path, body)).toBeUndefined();
    expect(guardOf().objection("kit", method, path, body)).toBeUndefined();
  });

  it.each<[string, string, unknown]>([
    ["POST", "/cloud/1002/snapshot/create", { name: `${PREFIX}second` }],
    ["POST", "/cloud/1001/snapshot/create", { name: "mine" }],
    ["POST", "/cloud/1001/snapshot/create", {}],
    ["POST", "/cloud/1001/snapshot/create", undefined],
    ["DELETE", "/cloud/1001/snapshot/5002/delete", undefined],
    ["DELETE", "/cloud/1001/snapshot/5003/delete", undefined],
    ["DELETE", "/cloud/1001/snapshot/5004/delete", undefined],
    ["DELETE", "/cloud/1001/snapshot/9999/delete", undefined],
    ["DELETE", "/cloud/1002/snapshot/5001/delete", undefined],
    ["DELETE", "/cloud/1001/snapshot/5001/delete?x=1", undefined],
    [
      "DELETE",
      "/cloud/1001/destroy",
      { confirm: "I am aware this action will delete data and server permanently" },
    ],
    ["POST", "/cloud/1001/poweroff", undefined],
    ["POST", "/cloud/deploy", { cloud: [] }],
    ["POST", "/cloud/1001/snapshot/5001/restore", undefined],
    ["PUT", "/cloud/1001/snapshot/create", { name: `${PREFIX}second` }],
    ["PATCH", "/account/info", {}],
  ])("holds back %s %s", (method, path, body) => {
    expect(guardOf().objection("provider", method, path, body)).toBeTypeOf("string");
    expect(guardOf().objection("kit", method, path, body)).toBeTypeOf("string");
  });

  it("allows only the agreed restore of an own snapshot", () => {
    const guard = guardOf(true);
    expect(
      guard.objection("provider", "POST", "/cloud/1001/snapshot/5001/restore", undefined),
    ).toBeUndefined();
    expect(guard.objection("provider", "POST", "/cloud/1001/snapshot/5002/restore", undefined)).toBeDefined();
    expect(guard.objection("provider", "POST", "/cloud/1002/snapshot/5001/restore", undefined)).toBeDefined();
  });

  it("lets the provider write nothing once it is sealed, so that cleanup is not raced", () => {
    const guard = guardOf();
    guard.seal();
    expect(
      guard.objection("provider", "DELETE", "/cloud/1001/snapshot/5001/delete", undefined),
    ).toBeDefined();
    expect(guard.objection("kit", "DELETE", "/cloud/1001/snapshot/5001/delete", undefined)).toBeUndefined();
  });
});
