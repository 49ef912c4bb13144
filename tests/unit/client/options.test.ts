import { describe, expect, it } from "vitest";
import { ArgumentError, systemClock, UthoClient, type UthoClientOptions } from "../../../client";
import { settle } from "../../../client/options";
import { TOKEN, thrownBy } from "./harness";

describe("the client's options", () => {
  it("have the documented defaults", () => {
    expect(settle({ token: TOKEN })).toEqual({
      token: TOKEN,
      endpoint: "https://api.utho.com/v2",
      requestTimeout: 30_000,
      writeTimeout: 600_000,
      maxRetries: 4,
      maxAnswerBytes: 33_554_432,
      userAgent: "pulumi-utho",
      clock: systemClock,
      random: Math.random,
      onAttempt: undefined,
    });
  });

  it.each<[Partial<UthoClientOptions>, RegExp]>([
    [{ token: "" }, /token is missing/],
    [{ token: "   " }, /token is missing/],
    [{ token: `${TOKEN}\n` }, /line break/],
    [{ token: `a\r\nX-Evil: 1` }, /line break/],
    [{ token: "a b" }, /space/],
    [{ token: "a\u0000b" }, /character that no token has/],
    [{ token: "tökén" }, /character that no token has/],
    [{ endpoint: "http://api.utho.com" }, /unencrypted/],
    [{ endpoint: "" }, /not a URL/],
    [{ requestTimeout: 0 }, /requestTimeout must be a whole number/],
    [{ requestTimeout: 1.5 }, /requestTimeout/],
    [{ requestTimeout: Number.POSITIVE_INFINITY }, /requestTimeout/],
    [{ requestTimeout: 2 ** 31 }, /requestTimeout/],
    [{ maxRetries: -1 }, /maxRetries/],
    [{ maxRetries: Number.NaN }, /maxRetries/],
    [{ maxAnswerBytes: 0 }, /maxAnswerBytes/],
    [{ userAgent: "a\nb" }, /userAgent/],
  ])("refuse %j", (options, message) => {
    const construct = () => new UthoClient({ token: TOKEN, ...options });
    expect(construct).toThrow(ArgumentError);
    expect(construct).toThrow(message);
  });

  it("refuse a missing token of a program without types", () => {
    for (const token of [undefined, null, 42]) {
      expect(() => Reflect.construct(UthoClient, [{ token }])).toThrow(/token is missing/);
    }
  });

  it("never quote a token that cannot be used", () => {
    expect(thrownBy(() => settle({ token: "my secret" })).message).not.toContain("my secret");
  });

  it("accept no retries at all", () => {
    expect(settle({ token: TOKEN, maxRetries: 0 }).maxRetries).toBe(0);
  });
});
