import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBody, readEnvelope } from "../../../client/body";
import { classify, saysStillOn } from "../../../client/classify";

function verdictOf(status: number, text: string) {
  const body = readBody(Buffer.from(text));
  return classify(status, body, body.kind === "json" ? readEnvelope(body.value) : undefined);
}

function kindOf(status: number, text: string): string {
  const verdict = verdictOf(status, text);
  return verdict.kind === "unexpected" ? `unexpected ${verdict.reason}` : verdict.kind;
}

function refusal(message: string): string {
  return JSON.stringify({ status: "error", message });
}

const HTML = "<html><body>Not Found</body></html>";

describe("the HTTP status", () => {
  it.each<[number, string, string]>([
    [200, '{"status":"success"}', "ok"],
    [200, '{"cloud":[]}', "ok"],
    [200, "[]", "ok"],
    [200, "", "ok"],
    [200, "null", "ok"],
    [204, "", "ok"],
    [202, '{"status":"success","message":"queued"}', "ok"],
    [200, HTML, "unexpected html"],
    [200, "OK", "unexpected text"],
    [200, '{"status":"succ', "unexpected truncated"],
    [200, '{"status":"queued","message":"x"}', "unexpected shape"],
    [301, "", "unexpected redirect"],
    [304, "", "unexpected redirect"],
    [307, '{"status":"success"}', "unexpected redirect"],
    [400, '{"message":"name is too long"}', "badRequest"],
    [400, "", "badRequest"],
    [400, HTML, "unexpected html"],
    [401, "", "auth"],
    [401, HTML, "unexpected html"],
    [401, "Sign in to the network first", "unexpected text"],
    [403, HTML, "unexpected html"],
    [403, "Blocked by policy", "unexpected text"],
    [403, "", "auth"],
    [407, "", "unexpected text"],
    [407, HTML, "unexpected text"],
    [401, refusal("Server not found"), "auth"],
    [401, refusal("Not Found GET"), "unexpected noRoute"],
    [401, refusal("Not Found DELETE"), "unexpected noRoute"],
    [401, refusal("Not found"), "auth"],
    [403, refusal("Forbidden"), "auth"],
    [403, refusal("Snapshot not found"), "auth"],
    [403, refusal("Another operation is in progress"), "busy"],
    [404, refusal("Snapshot not found"), "notFound"],
    [404, refusal("Nothing to see here"), "notFound"],
    [404, '{"errors":[{"message":"x","long_message":"y","code":"z"}]}', "notFound"],
    [404, '{"message":"no Route matched with those values"}', "badRequest"],
    [404, refusal("The route v2/cloud/1 could not be found."), "badRequest"],
    [404, refusal("Please try again"), "busy"],
    [404, HTML, "unexpected html"],
    [404, "404 page not found", "unexpected text"],
    [404, "", "unexpected text"],
    [404, "{}", "unexpected shape"],
    [405, "{}", "badRequest"],
    [405, HTML, "unexpected html"],
    [408, "", "timeout"],
    [409, refusal("A snapshot of this name already exists"), "badRequest"],
    [409, refusal("The server is busy"), "busy"],
    [410, refusal("It was removed"), "notFound"],
    [422, '{"message":"bad","errors":{"name":["The name is required."]}}', "badRequest"],
    [423, refusal("Locked"), "busy"],
    [429, HTML, "rateLimited"],
    [429, "", "rateLimited"],
    [500, refusal("Another operation is in progress, try again"), "server"],
    [502, HTML, "server"],
    [503, "", "server"],
    [504, '{"status":"success"}', "server"],
  ])("%i with %s means %s", (status, text, kind) => {
    expect(kindOf(status, text)).toBe(kind);
  });

  it.each<[number, string, "none" | "unknown"]>([
    [200, refusal("nope"), "none"],
    [401, "", "none"],
    [404, refusal("Server not found"), "none"],
    [423, refusal("Locked"), "none"],
    [429, "", "none"],
    [408, "", "unknown"],
    [500, refusal("nope"), "unknown"],
    [200, HTML, "unknown"],
    [200, '{"sta', "unknown"],
    [302, "", "unknown"],
    [404, HTML, "unknown"],
    [403, HTML, "unknown"],
    [407, "", "unknown"],
  ])("%i with %s may have done: %s", (status, text, effect) => {
    expect(verdictOf(status, text)).toMatchObject({ effect });
  });
});

describe("the wording of a refusal inside HTTP 200", () => {
  it.each<[string, string]>([
    ["Unauthorized", "auth"],
    ["Unauthenticated.", "auth"],
    ["Invalid token", "auth"],
    ["Invalid API key, please try again", "auth"],
    ["Your API token has expired", "auth"],
    ["Token not found", "auth"],
    ["Access denied", "auth"],
    ["You do not have permission to do this", "auth"],
    ["You are not authorized to access server 1001", "auth"],

    ["Too many requests", "rateLimited"],
    ["Rate limit exceeded, try again later", "rateLimited"],
    ["Too Many Attempts.", "rateLimited"],

    ["The server is busy", "busy"],
    ["Server is locked", "busy"],
    ["Cloud is currently locked, please wait", "busy"],
    ["Another operation is in progress on this server", "busy"],
    ["Another snapshot is running", "busy"],
    ["A snapshot is already in process", "busy"],
    ["There is a pending task for this server", "busy"],
    ["Server status is still pending", "busy"],
    ["The snapshot is being restored", "busy"],
    ["Please try again after some time", "busy"],
    ["Snapshot not found at the moment", "busy"],

    ["Something went wrong, please try again", "server"],
    ["Internal server error", "server"],
    ["Service temporarily unavailable", "server"],
    ["Connection timed out", "server"],

    ["Server not found", "notFound"],
    ["Cloud server with id 1001 was not found!", "notFound"],
    ["Server web.example.com not found. Please try again.", "notFound"],
    ["Snapshot does not exist", "notFound"],
    ["Snapshot doesn’t exist", "notFound"],
    ["The requested snapshot could not be found", "notFound"],
    ["No such snapshot", "notFound"],
    ["No snapshots found", "notFound"],
    ["cloudid 1001 does not exist", "notFound"],
    ["Snapshot already deleted", "notFound"],
    ["This server no longer exists", "notFound"],
    ["Not Found", "notFound"],
    ["NotFound", "notFound"],
    ["Error: not found", "notFound"],

    ["Invalid cloudid", "badRequest"],
    ["Invalid snapshot name", "badRequest"],
    ["Route not found", "badRequest"],
    ["No such file or directory", "badRequest"],
    ["Image not found", "badRequest"],
    ["Plan id does not exist", "badRequest"],
    ["Billing profile not found", "badRequest"],
    ["A snapshot of this name already exists", "badRequest"],
    ["Name already exists, please try again with another name", "badRequest"],
    ["Invalid name. Please try again", "badRequest"],
    ["Another snapshot with this name exists", "badRequest"],
    ["Snapshot limit reached", "badRequest"],
    ["Your account is locked", "badRequest"],
    ["Payment is pending", "badRequest"],
    ["Please unlock the server first", "badRequest"],
    ["Server is already running", "badRequest"],
    ["The business plan does not allow this", "badRequest"],
    ["", "badRequest"],
  ])("%s means %s", (message, kind) => {
    expect(kindOf(200, refusal(message))).toBe(kind);
  });

  // What other clouds' APIs say, as their users report it, and what stands to reason beside it.
  it.each<[string, string]>([
    ["A task is already in process, Please wait for complete the same or contact support.", "busy"],
    ["Droplet already has a pending event.", "busy"],
    ["Unable to remove VM: Server is currently locked", "busy"],
    ["Linode busy.", "busy"],
    ["Only one operation at a time is allowed on this server", "busy"],
    ["Unable to delete the snapshot at the moment, please try again later", "busy"],
    ["Error on power on action, please try again or contact support", "busy"],
    ["A backup is being created, retry after 60 seconds", "busy"],

    ["Maximum number of snapshots reached. Please remove one and try again.", "badRequest"],
    ["Your account balance is low. Please add funds and try again.", "badRequest"],
    ["Total snapshots exceed the total max limit of 1 snapshots", "badRequest"],
    ["Snapshot limit of 2 reached. Please wait for the cleanup to complete.", "badRequest"],
    ["Maximum number of snapshots reached while another snapshot is in progress", "badRequest"],
    ["You have run out of credit. Try again later.", "badRequest"],
    ["Please recharge your wallet and retry later", "badRequest"],
    ["Your KYC verification is in progress", "badRequest"],
    ["Payment is being processed, please wait", "badRequest"],
    ["Delete an old snapshot, then try again later", "badRequest"],
    ["Try again after removing a snapshot", "badRequest"],
    ["The server has an ISO mounted. Please detach it and try again.", "badRequest"],
    ["Server is locked. Please unlock it and try again.", "badRequest"],
    ["The server must be powered off. Please shut down the server and try again.", "badRequest"],
    ["This snapshot is locked and cannot be deleted", "badRequest"],
    ["in use by cloud server web-07", "badRequest"],
    ["The snapshot is protected", "badRequest"],

    ["You do not have permission", "auth"],
    ["Permission required: cloud.snapshot.write", "auth"],
    ["You are not permitted to perform this action", "auth"],
    ["This API key is read only", "auth"],
    ["Read-only token cannot be used for this request, please try again with another", "auth"],
    ["The request requires higher privileges than provided by the access token", "auth"],
    ["Insufficient scope", "auth"],
    ["Forbidden", "auth"],
    ["Write access is required", "auth"],
    ["You don't have access to this resource", "auth"],
    ["Your role does not allow this", "auth"],
    ["You are not allowed to delete snapshots", "auth"],
    ["The plan does not allow snapshots", "badRequest"],
  ])("is taken at its word: %s means %s", (message, kind) => {
    expect(kindOf(200, refusal(message))).toBe(kind);
  });

  it.each([200, 400, 402, 403, 404, 409, 422, 500])("speaks of the token's right with %i too", (status) => {
    expect(verdictOf(status, refusal("You do not have permission"))).toEqual({
      kind: "auth",
      effect: "none",
    });
  });

  it.each<[string, boolean]>([
    ["The server must be powered off", true],
    ["Please shut down the server first", true],
    ["Cloud server is still running", true],
    ["The server must be running", false],
    ["Snapshot limit reached", false],
  ])("says that the server must be off: %s", (message, isSo) => {
    expect(saysStillOn(message)).toBe(isSo);
  });

  it.each<[string, string]>([
    ['Snapshot "busy" is too large', "badRequest"],
    ["Snapshot 'not found' was refused", "badRequest"],
    ["Snapshot web-busy-1 has a bad format", "badRequest"],
    ["Snapshot locked-down cannot be taken", "badRequest"],
    ["Can't delete; the snapshot 'it isn't found' is protected", "badRequest"],
  ])("is not misled by a name: %s", (message, kind) => {
    expect(kindOf(200, refusal(message))).toBe(kind);
  });

  it.each<[string, unknown, string]>([
    ["an error code", { errors: [{ message: "x", code: "not_found" }] }, "notFound"],
    ["an error code of another kind", { errors: [{ message: "x", code: "RATE_LIMIT" }] }, "rateLimited"],
    ["a status that is a number", { status: 401, message: "x" }, "auth"],
    ["a status that is such text", { status: "404", message: "no" }, "notFound"],
    ["a status word", { status: "unauthorized" }, "auth"],
    ["a declared fault inside", { status: "error", code: 500, message: "x" }, "server"],
    ["the longer message", { errors: [{ message: "x", long_message: "The server is busy" }] }, "busy"],
  ])("listens to %s", (_what, value, kind) => {
    expect(kindOf(200, JSON.stringify(value))).toBe(kind);
  });

  it("never takes a success for a refusal, whatever it says", () => {
    const message = fc.oneof(fc.string(), fc.constantFrom("Server not found", "busy", "Unauthorized"));
    fc.assert(
      fc.property(message, (text) => {
        expect(kindOf(200, JSON.stringify({ status: "success", message: text }))).toBe("ok");
      }),
    );
  });

  it("takes time in proportion to a message of any length", () => {
    const long = `${"server ".repeat(20_000)}does not`;
    expect(kindOf(200, refusal(long))).toBe("badRequest");
  });
});
