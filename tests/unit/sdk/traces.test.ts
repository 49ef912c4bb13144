import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { Snapshot } from "../../../sdk";

describe("declaring a resource", () => {
  const trace = Error.prepareStackTrace;

  beforeAll(() =>
    pulumi.runtime.setMocks({ newResource: ({ inputs }) => ({ id: "1", state: inputs }), call: () => ({}) }),
  );

  afterEach(() => {
    Error.prepareStackTrace = trace;
    vi.unstubAllEnvs();
  });

  /** How many stack traces are written down while `work` runs. */
  function tracesOf(work: () => void): number {
    let traces = 0;
    Error.prepareStackTrace = (error, frames) => {
      if (frames.length > 0) traces += 1;
      return String(error);
    };
    work();
    Error.prepareStackTrace = trace;
    return traces;
  }

  it("writes down one stack trace: of the place of the declaration", () => {
    expect(tracesOf(() => new Snapshot("quick", { cloudId: "1001" }))).toBe(1);
  });

  it("keeps them when Pulumi's own promises are debugged", () => {
    vi.stubEnv("PULUMI_DEBUG_PROMISE_LEAKS", "1");
    expect(tracesOf(() => new Snapshot("debugged", { cloudId: "1001" }))).toBeGreaterThan(40);
  });

  it("leaves the program's own stack traces as they are", () => {
    const before = Error.stackTraceLimit;
    new Snapshot("polite", { cloudId: "1001" });
    expect(Error.stackTraceLimit).toBe(before);
  });

  it("shows where a declaration stands that Pulumi refuses, and goes on as before", () => {
    const before = Error.stackTraceLimit;
    let refusal: unknown;
    try {
      new Snapshot("", { cloudId: "1001" });
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(Error);
    expect(refusal instanceof Error ? refusal.stack : "").toContain("traces.test.ts");
    expect(Error.stackTraceLimit).toBe(before);
  });
});
