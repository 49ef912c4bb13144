import { describe, expect, it } from "vitest";
import { isDefault, sourceOf } from "../../../plugin/configuration";
import { readSettings } from "../../../provider/config";

const urnOf = (name: string) => `urn:pulumi:dev::tests::pulumi:providers:utho::${name}`;
const today = (config: object) => ({ PULUMI_CONFIG: JSON.stringify(config) });
const tokenOf = (name: string, args: object, env: NodeJS.ProcessEnv) =>
  readSettings(sourceOf(urnOf(name), { ...args }, env), env).token;

describe("the plugin's configuration", () => {
  it("knows the providers that the engine makes by itself", () => {
    expect(["default", "default_0_1_0"].map((name) => isDefault(urnOf(name)))).toEqual([true, true]);
    expect(["defaults", "customer"].map((name) => isDefault(urnOf(name)))).toEqual([false, false]);
  });

  it.each([
    ["today's", { token: "recorded" }, { ...today({ token: "today" }), UTHO_TOKEN: "env" }, "today"],
    [
      "the environment's before the recorded one",
      { token: "recorded" },
      { ...today({}), UTHO_TOKEN: "env" },
      "env",
    ],
    ["the recorded one where nothing else is known", { token: "recorded" }, today({}), "recorded"],
    ["the given one where today's is not shown", { token: "recorded" }, { UTHO_TOKEN: "env" }, "recorded"],
    [
      "the given one where today's cannot be read",
      { token: "recorded" },
      { PULUMI_CONFIG: "no" },
      "recorded",
    ],
    ["that of Utho's own tools", {}, { ...today({}), UTHO_API_KEY: "key" }, "key"],
    ["ours before that of Utho's own tools", {}, { UTHO_TOKEN: "env", UTHO_API_KEY: "key" }, "env"],
  ])("takes for the stack's own provider the token: %s", (_which, args, env, token) => {
    expect(tokenOf("default_0_1_0", args, env)).toBe(token);
  });

  it("takes for an explicit provider its own token alone, and the stack's other settings", () => {
    const env = { ...today({ "utho:token": "today", "utho:timeZone": "UTC" }), UTHO_TOKEN: "env" };
    expect(tokenOf("customer", { token: "own" }, env)).toBe("own");
    expect(() => tokenOf("customer", {}, env)).toThrow("UTHO_TOKEN_MISSING");
    expect(readSettings(sourceOf(urnOf("customer"), { token: "own" }, env), env).timeZone).toBe("UTC");
    const given = { token: "own", maxRetries: 2, timeZone: "Asia/Kolkata" };
    expect(readSettings(sourceOf(urnOf("customer"), given, env), env)).toMatchObject({
      maxRetries: 2,
      timeZone: "Asia/Kolkata",
    });
  });
});
