import { describe, expect, it, vi } from "vitest";
import { formerNamesIn, readSettings } from "../../../provider/config";
import { ProviderFailure } from "../../../provider/failure";

const read = (stack: Record<string, string>, env: NodeJS.ProcessEnv = {}) =>
  readSettings((key) => stack[key], env);

function failureOf(stack: Record<string, string>, env: NodeJS.ProcessEnv = {}): ProviderFailure {
  try {
    read(stack, env);
  } catch (error) {
    if (error instanceof ProviderFailure) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("configuration", () => {
  it("loads no tables of time zones where none is configured", () => {
    const format = vi.spyOn(Intl, "DateTimeFormat");
    try {
      read({ "utho:token": "t" });
      expect(format).not.toHaveBeenCalled();
    } finally {
      format.mockRestore();
    }
  });

  it("has defaults for all but the token", () => {
    expect(read({ "utho:token": "t" })).toEqual({
      token: "t",
      endpoint: "https://api.utho.com/v2",
      pollInterval: 5_000,
      requestTimeout: 30_000,
      writeTimeout: 600_000,
      maxRetries: 4,
      takeoverWindow: 3_600_000,
      listingLag: 45_000,
      timeZone: undefined,
    });
  });

  it("prefers the stack's values to the environment's", () => {
    const env = { UTHO_TOKEN: "from-env", UTHO_ENDPOINT: "http://127.0.0.1:1/v2" };
    expect(read({}, env)).toMatchObject({ token: "from-env", endpoint: "http://127.0.0.1:1/v2" });
    expect(read({ "utho:token": "t", "utho:endpoint": "https://other.example/v2" }, env)).toMatchObject({
      token: "t",
      endpoint: "https://other.example/v2",
    });
  });

  it.each([
    ["understands the former name of utho:takeoverWindow", { "utho:adoptWindow": "7m" }, 420_000],
    ["prefers the new name", { "utho:adoptWindow": "7m", "utho:takeoverWindow": "0" }, 0],
  ])("%s, and says the new one", (_what, config, takeoverWindow) => {
    const stack: Record<string, string> = { "utho:token": "t", ...config };
    expect(read(stack)).toMatchObject({ takeoverWindow });
    const [advice, ...more] = formerNamesIn((key) => stack[key]);
    expect(more).toEqual([]);
    expect(advice).toContain("utho:adoptWindow is now called utho:takeoverWindow");
    expect(advice).toContain("pulumi config rm utho:adoptWindow");
    expect(formerNamesIn((key) => (key === "utho:takeoverWindow" ? "0" : undefined))).toEqual([]);
  });

  it("names both ways to give a token", () => {
    const failure = failureOf({});
    expect(failure.code).toBe("UTHO_TOKEN_MISSING");
    expect(failure.message).toContain("pulumi config set --secret utho:token");
    expect(failure.message).toContain("UTHO_TOKEN");
    expect(failureOf({ "utho:token": "  " }).code).toBe("UTHO_TOKEN_MISSING");
  });

  it.each([
    ["utho:endpoint", "not a url"],
    ["utho:endpoint", "ftp://api.utho.com"],
    ["utho:endpoint", "http://api.utho.com/v2"],
    ["utho:pollInterval", "5 seconds"],
    ["utho:pollInterval", "0"],
    ["utho:requestTimeout", "-1s"],
    ["utho:maxRetries", "many"],
    ["utho:maxRetries", "21"],
    ["utho:takeoverWindow", "soon"],
    ["utho:listingLag", "x"],
    ["utho:timeZone", "Mars/Olympus"],
  ])("refuses %s = %s and says how to correct it", (key, value) => {
    const failure = failureOf({ "utho:token": "t", [key]: value });
    expect(failure.code).toBe("UTHO_CONFIG_INVALID");
    expect(failure.message).toContain(key);
    expect(failure.message).toContain(`pulumi config set ${key}`);
  });

  it.each(["two words", "a\nb", "tökén"])("refuses the token %j without quoting it", (token) => {
    const failure = failureOf({ "utho:token": token });
    expect(failure.code).toBe("UTHO_CONFIG_INVALID");
    expect(failure.message).not.toContain(token);
  });

  it("prints no password of an endpoint", () => {
    const failure = failureOf({ "utho:token": "t", "utho:endpoint": "https://me:hunter2@api.utho.com/v2" });
    expect(failure.message).not.toContain("hunter2");
  });
});
