import { describe, expect, it } from "vitest";
import * as client from "../../../client";
import { type Failure, toError } from "../../../client/errors";
import type { ApiRequest } from "../../../client/request";

const post: ApiRequest = { operation: "snapshots.create", method: "POST", path: "/cloud/1/snapshot/create" };
const get: ApiRequest = { operation: "servers.get", method: "GET", path: "/cloud/1" };

const ERRORS: [Failure["kind"], client.UthoErrorCode, new (...args: never[]) => client.UthoError][] = [
  ["auth", "UTHO_AUTH", client.AuthError],
  ["notFound", "UTHO_NOT_FOUND", client.NotFoundError],
  ["busy", "UTHO_BUSY", client.BusyError],
  ["rateLimited", "UTHO_RATE_LIMITED", client.RateLimitedError],
  ["badRequest", "UTHO_BAD_REQUEST", client.BadRequestError],
  ["server", "UTHO_SERVER_ERROR", client.ServerError],
  ["unexpected", "UTHO_UNEXPECTED_RESPONSE", client.UnexpectedResponseError],
  ["network", "UTHO_NETWORK", client.NetworkError],
  ["timeout", "UTHO_TIMEOUT", client.TimeoutError],
  ["cancelled", "UTHO_CANCELLED", client.CancelledError],
];

describe("toError", () => {
  it.each(ERRORS)("makes of %s an error with the code %s", (kind, code, type) => {
    const failure: Failure = { kind, what: "it failed", effect: "none" };
    const error = toError(failure, get, 1);
    expect(error).toBeInstanceOf(type);
    expect(error).toBeInstanceOf(client.UthoError);
    expect(error.name).toBe(type.name);
    expect(error.code).toBe(code);
    // What failed, on which request, and what to do next.
    expect(error.message).toMatch(/^servers\.get: it failed \(GET \/cloud\/1\)\. [A-Z].+\.$/);
  });

  it("carries every fact", () => {
    const cause = new Error("socket");
    const failure: Failure = {
      kind: "unexpected",
      what: 'garbled: "x"',
      effect: "unknown",
      status: 200,
      apiMessage: "x",
      retryAfterMs: 5,
      reason: "truncated",
      cause,
    };
    expect(toError(failure, post, 3)).toMatchObject({
      message:
        'snapshots.create: garbled: "x" (POST /cloud/1/snapshot/create, HTTP 200, 3 attempts). ' +
        "Check the endpoint, and any proxy on the way to it. " +
        "It may nevertheless have been done: look before you repeat it.",
      operation: "snapshots.create",
      method: "POST",
      path: "/cloud/1/snapshot/create",
      status: 200,
      apiMessage: "x",
      attempts: 3,
      effect: "unknown",
      retryAfterMs: 5,
      reason: "truncated",
      cause,
    });
  });

  it.each<[ApiRequest, Failure["effect"], boolean]>([
    [post, "unknown", true],
    [post, "none", false],
    [get, "unknown", false],
  ])("warns before a repetition only when something may have been done (%#)", (request, effect, warns) => {
    const { message } = toError({ kind: "timeout", what: "x", effect }, request, 1);
    expect(message.includes("look before you repeat it")).toBe(warns);
  });
});

describe("errors made by hand", () => {
  it("have sensible defaults", () => {
    const error = new client.ArgumentError("no", "servers.get");
    expect(error).toMatchObject({
      code: "UTHO_ARGUMENT",
      operation: "servers.get",
      method: "",
      path: "",
      attempts: 0,
      effect: "none",
    });
    expect(error.status).toBeUndefined();
    expect("cause" in error).toBe(false);
  });
});
