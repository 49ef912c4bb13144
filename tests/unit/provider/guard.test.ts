import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AuthError } from "../../../client/errors";
import { silentProgress } from "../../../provider/engine/progress";
import { PartialFailure, ProviderFailure } from "../../../provider/failure";
import { type GuardedProvider, guard, type Lifecycle } from "../../../provider/guard";
import { ProviderRuntime } from "../../../provider/utho/runtime";
import { type Simulator, startSimulator } from "../../../simulator";

const TOKEN = "S3cr3t/T0ken+of=this";
const FORWARDER = 'exports.handler = () => require("pulumi-utho/provider").snapshot;';

const story = {
  code: "UTHO_SNAPSHOT_NOT_READY",
  attempted: "wait",
  because: `someone said ${TOKEN} and ${encodeURIComponent(TOKEN)}.`,
  said: Buffer.from(`Bearer ${TOKEN}`).toString("base64"),
  kept: "nothing.",
  next: "wait.",
} as const;

/** Whose account is asked for what was partly made. */
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ token: TOKEN });
});
afterAll(() => simulator.close());

/** A provider whose every method fails with this error. */
function failing(error: unknown, config: Record<string, string> = {}): GuardedProvider {
  const fail = (): never => {
    throw error;
  };
  const lifecycle: Lifecycle = {
    check: fail,
    diff: fail,
    create: fail,
    read: fail,
    update: fail,
    delete: fail,
  };
  const runtime = new ProviderRuntime({ env: {}, progress: () => silentProgress });
  const given: Record<string, string> = { "utho:token": TOKEN, "utho:endpoint": simulator.url, ...config };
  runtime.configure((key) => given[key]);
  return guard(runtime, () => lifecycle);
}

/** Each method that the plugin calls, as it calls it. */
const CALLS: readonly {
  method: string;
  doing: string;
  call: (provider: GuardedProvider) => Promise<unknown>;
}[] = [
  { method: "diff", doing: "compare 1/2 with the program", call: (one) => one.diff("1/2", {}, {}) },
  {
    method: "create",
    doing: "create the resource of cloudId 1001, name golden",
    call: (one) => one.create({ cloudId: "1001", name: "golden", triggers: ["x"] }),
  },
  { method: "read", doing: "read 1/2", call: (one) => one.read("1/2", {}) },
  { method: "update", doing: "update 1/2", call: (one) => one.update("1/2", {}, {}) },
  { method: "delete", doing: "delete 1/2", call: (one) => one.delete("1/2", {}) },
];

async function thrownBy(work: Promise<unknown>): Promise<ProviderFailure> {
  const error: unknown = await work.then(() => undefined).catch((thrown: unknown) => thrown);
  if (error instanceof ProviderFailure) return error;
  throw new Error(`no failure of the provider: ${String(error)}`);
}

describe("what leaves the provider for the engine", () => {
  for (const { method, doing, call } of CALLS) {
    it(`is a story without a stack from ${method}, whatever was thrown`, async () => {
      const known = await thrownBy(
        call(failing(new AuthError("no", { operation: "o", method: "GET", path: "/p" }))),
      );
      expect(known.code).toBe("UTHO_AUTH");
      expect(known.message).toContain(`Attempted: ${doing}\n`);
      const strange = await thrownBy(call(failing(new TypeError("x is not a function"))));
      expect(strange.code).toBe("UTHO_INTERNAL");
      expect(strange.message).toContain("TypeError: x is not a function");
      for (const failure of [known, strange]) expect(failure.stack).toBe("");
    });

    it(`is short where the plugin itself prints it, from ${method}`, async () => {
      const failure = await thrownBy(call(failing(new ProviderFailure(story))));
      expect(`${failure}: ${failure.stack}`).toBe("UTHO_SNAPSHOT_NOT_READY: ");
    });

    it(`never holds the token, from ${method}`, async () => {
      const failure = await thrownBy(call(failing(new PartialFailure(story, "1001/9", {}))));
      const texts = JSON.stringify([failure.message, Reflect.get(failure, "reasons")]);
      expect(texts).not.toContain(TOKEN);
      expect(texts).not.toContain(encodeURIComponent(TOKEN));
      expect(texts).not.toContain(Buffer.from(`Bearer ${TOKEN}`).toString("base64").slice(10, -4));
      expect(texts.split("[redacted]").length - 1).toBeGreaterThanOrEqual(4);
    });
  }

  it("carries the forwarder with what was partly made, so that it can be read again", async () => {
    for (const call of [
      (one: GuardedProvider) => one.create({ __provider: FORWARDER }),
      (one: GuardedProvider) => one.update("1001/9", {}, { __provider: FORWARDER }),
    ]) {
      const failure = await thrownBy(
        call(failing(new PartialFailure(story, "1001/9", { status: "Pending" }))),
      );
      expect(failure).toMatchObject({
        id: "1001/9",
        properties: { status: "Pending", __provider: FORWARDER },
      });
      expect(Reflect.get(failure, "reasons")).toEqual([failure.message]);
    }
  });

  it("names no input when the program gave none", async () => {
    const failure = await thrownBy(failing(new Error("x")).create({}));
    expect(failure.message).toContain("Attempted: create the resource\n");
  });

  it("is a failed check when check throws a story, and the inputs stay", async () => {
    const answer = await failing(new ProviderFailure(story)).check({}, { cloudId: "1001" });
    expect(answer.inputs).toEqual({ cloudId: "1001" });
    expect(answer.failures).toMatchObject([
      { property: "", reason: expect.stringContaining("UTHO_SNAPSHOT_NOT_READY") },
    ]);
    const strange = await thrownBy(failing(new TypeError("oops")).check({}, {}));
    expect(strange.code).toBe("UTHO_INTERNAL");
  });

  it("is reported even when the configuration itself is wrong", async () => {
    const failure = await thrownBy(failing(new Error("x"), { "utho:endpoint": "nowhere" }).read("1/2", {}));
    expect(failure.code).toBe("UTHO_INTERNAL");
  });
});
