import { describe, expect, it } from "vitest";
import { type Exchange, readBytes } from "../../live/observer/exchange";
import { Redactor } from "../../live/report/redact";

const TOKEN = "tok+en/of=the-redaction-test";
const SECRETS = {
  cloudid: "7788123",
  hostname: "falcon.example.com",
  ip: "203.0.113.77",
  ipv6: "2001:db8:0:1::77",
  password: "hunter2!",
  fullname: "Asha Rao",
  email: "asha@example.com",
  mobile: 919812345678,
  note: "quarterly books",
};

function exchangeOf(json: unknown): Exchange {
  return {
    by: "kit",
    method: "GET",
    path: "/cloud",
    sent: undefined,
    sentAt: 0,
    answeredAt: 1,
    answer: {
      status: 200,
      contentType: undefined,
      retryAfter: undefined,
      redirects: false,
      ...readBytes(Buffer.from(JSON.stringify(json))),
    },
  };
}

const ANSWER = {
  status: "success",
  message: "done",
  cloud: [{ ...SECRETS, status: "Active", disksize: "50GB" }],
};
const redactor = new Redactor(TOKEN, [exchangeOf(ANSWER)], ["deadbeef"]);
const ALL = [TOKEN, Buffer.from(TOKEN).toString("base64"), "deadbeef", ...Object.values(SECRETS).map(String)];

describe("the live kit's report", () => {
  it("shows the shape of an answer and the API's format, and no value of the account", () => {
    const shape = redactor.shape(ANSWER);
    expect(shape).toMatchObject({
      status: "success",
      message: "done",
      cloud: [{ cloudid: "<string>", mobile: "<number>", status: "Active", disksize: "50GB" }],
    });
    for (const secret of ALL) expect(JSON.stringify(shape)).not.toContain(secret);
  });

  it.each(ALL)("lets %s stand in no message", (secret) => {
    const shape = JSON.stringify(
      redactor.shape({ status: "error", message: `Not now: ${secret}, try again.` }),
    );
    expect(shape).not.toContain(secret);
    expect(shape).toContain("try again");
    expect(redactor.text(`<${secret}>`)).not.toContain(secret);
  });

  it("replaces addresses and long numbers that no answer had as a value", () => {
    const clean = redactor.text("node 10.20.30.40, job 5550123, mail ops@utho.example, 2001:db8::1:2:3");
    expect(clean).toBe("node <address>, job <number>, mail <email>, <address>");
  });

  it("keeps the API's own words, also when a value happens to be one of them", () => {
    const other = new Redactor(TOKEN, [exchangeOf({ cloud: [{ resource: "cloud" }] })], []);
    expect(other.text("GET /cloud/{id}")).toBe("GET /cloud/{id}");
  });

  it("keeps a wall time, to show how the cloud writes it", () => {
    expect(redactor.text("2026-11-22 21:20:51")).toBe("2026-11-22 21:20:51");
  });
});
