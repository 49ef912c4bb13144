import { describe, expect, it } from "vitest";
import { against, failureOf } from "./harness";
import { type Call, type Reply, raw, success } from "./scripted-server";

const info = (reply: Reply): Call => ({ method: "GET", path: "/account/info", reply });

describe("account.info", () => {
  it("reads only whose token it is", async () => {
    const user = {
      id: "5",
      fullname: "A. Person",
      company: "",
      email: "a@example.com",
      currency: "INR",
      availablecredit: "12.50",
      cloudlimit: "25",
      mobile: "+91 000",
    };
    const { client } = await against([info(success({ user }))]);
    expect(await client.account.info()).toStrictEqual({
      id: "5",
      name: "A. Person",
      email: "a@example.com",
      currency: "INR",
      availableCredit: 12.5,
      serverLimit: 25,
    });
  });

  it.each<[string, Reply, string]>([
    ["a refused token", raw("", { status: 401 }), "UTHO_AUTH"],
    ["no user", success(), "UTHO_UNEXPECTED_RESPONSE"],
    ["an empty body", raw(""), "UTHO_UNEXPECTED_RESPONSE"],
  ])("fails for %s", async (_what, reply, code) => {
    const { client } = await against([info(reply)]);
    expect(await failureOf(client.account.info())).toMatchObject({ code });
  });
});
