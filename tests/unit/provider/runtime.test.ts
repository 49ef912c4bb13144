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
