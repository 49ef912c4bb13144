import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { ProviderRuntime } from "../../../provider/utho/runtime";

const config =
  (token: string) =>
  (key: string): string | undefined =>
    key === "utho:token" ? token : undefined;

it("a second kind of resource brings the same configuration, and the turns of the servers stay", async () => {
  const runtime = new ProviderRuntime({ env: {} });
  runtime.configure(config("one"));
  const account = await runtime.account();
  runtime.configure(config("one"));
  expect(await runtime.account()).toBe(account);
});

it("another configuration is another account", async () => {
  const runtime = new ProviderRuntime({ env: {} });
  runtime.configure(config("one"));
  const account = await runtime.account();
  runtime.configure(config("two"));
  const other = await runtime.account();
  expect(other).not.toBe(account);
  expect(other.settings.token).toBe("two");
});

it("a server's turns come one after the other, also after one that failed, and another server waits for none", async () => {
  const runtime = new ProviderRuntime({ env: {} });
  runtime.configure(config("one"));
  const { locks } = await runtime.account();
  const log: string[] = [];
  const turn = (cloudId: string, name: string, fails = false) =>
    locks.inTurn(
      cloudId,
      async () => {
        log.push(`${name} begins`);
        await setImmediate();
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      },
      (before) => log.push(`${name} after ${before}`),
    );
  const turns = [turn("1", "a", true), turn("1", "b"), turn("1", "c"), turn("2", "d")];
  const results = await Promise.allSettled(turns);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled", "fulfilled"]);
  const ofOne = log.filter((line) => !line.startsWith("d"));
  expect(ofOne.slice(0, 2)).toEqual(["b after 1", "c after 2"]);
  expect(ofOne.slice(2)).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  expect(log.indexOf("d begins")).toBeLessThan(log.indexOf("a ends"));
  expect(await turn("1", "e")).toBe("e");
  expect(log).not.toContain("e after 1");
});
