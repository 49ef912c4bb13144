import { describe, expect, it } from "vitest";
import { actionStatus } from "../../../client/status";
import { against, failureOf } from "./harness";
import { type Call, type Reply, success } from "./scripted-server";

const WIRE = {
  id: 97267,
  action: "snapshot",
  resource_type: "cloud",
  resource_id: "1001",
  started_at: "2026-01-02 03:04:05",
  completed_at: "",
  process: "95",
  status: "Pending",
  message: null,
  userid: "1",
};
const ACTION = {
  id: "97267",
  action: "snapshot",
  resourceType: "cloud",
  resourceId: "1001",
  startedAt: "2026-01-02T03:04:05",
  process: "95",
  status: actionStatus("Pending"),
};

describe("actions.list", () => {
  const list = (reply: Reply): Call => ({ method: "GET", path: "/actions", reply });

  it("reads them", async () => {
    const { client } = await against([list(success({ actions: [WIRE] }))]);
    expect(await client.actions.list()).toStrictEqual([ACTION]);
  });

  it.each<[string, Reply]>([
    ["no list", success()],
    ["an action without an id", success({ actions: [{ action: "x" }] })],
  ])("refuses %s", async (_what, reply) => {
    const { client } = await against([list(reply)]);
    expect(await failureOf(client.actions.list())).toMatchObject({ code: "UTHO_UNEXPECTED_RESPONSE" });
  });
});
