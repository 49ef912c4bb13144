import { describe, expect, it } from "vitest";
import { ArgumentError, DEFAULT_ENDPOINT, parseEndpoint } from "../../../client";
import { thrownBy } from "./harness";

describe("parseEndpoint", () => {
  it.each<[string, string]>([
    [DEFAULT_ENDPOINT, "https://api.utho.com/v2"],
    ["https://api.utho.com/v2/", "https://api.utho.com/v2"],
    [" https://API.utho.com/v2// ", "https://api.utho.com/v2"],
    ["https://api.utho.com", "https://api.utho.com"],
    ["https://api.utho.com:8443/x/v2", "https://api.utho.com:8443/x/v2"],
    ["http://localhost:8080/v2", "http://localhost:8080/v2"],
    ["http://127.0.0.1:8080/v2/", "http://127.0.0.1:8080/v2"],
    ["http://127.9.9.9", "http://127.9.9.9"],
    ["http://[::1]:8080/v2", "http://[::1]:8080/v2"],
    ["https://[::1]:8080/v2", "https://[::1]:8080/v2"],
  ])("%s becomes %s", (text, endpoint) => {
    expect(parseEndpoint(text)).toBe(endpoint);
  });

  it.each<[string, RegExp]>([
    ["", /not a URL/],
    ["api.utho.com/v2", /not a URL/],
    ["not a url", /not a URL/],
    ["ftp://api.utho.com", /must start with https/],
    ["file:///etc/passwd", /must start with https/],
    ["http://api.utho.com/v2", /unencrypted to api.utho.com/],
    ["http://128.0.0.1", /unencrypted/],
    ["http://0.0.0.0", /unencrypted/],
    ["http://127.0.0.1.example.com", /unencrypted/],
    ["http://localhost.example.com", /unencrypted/],
    ["http://[::2]/", /unencrypted/],
    ["https://user:pass@api.utho.com/v2", /must not contain a user name/],
    ["https://user@api.utho.com/v2", /must not contain a user name/],
    ["http://localhost@evil.example.com/v2", /must not contain a user name/],
    ["https://api.utho.com/v2?x=1", /remove what follows/],
    ["https://api.utho.com/v2#x", /remove what follows/],
  ])("%s is refused", (text, message) => {
    expect(() => parseEndpoint(text)).toThrow(ArgumentError);
    expect(() => parseEndpoint(text)).toThrow(message);
  });

  it("never quotes the text, which may be a token in the wrong place", () => {
    for (const text of ["secret-token", "https://u:secret-token@h", "https://h/?secret-token"]) {
      expect(thrownBy(() => parseEndpoint(text)).message).not.toContain("secret-token");
    }
  });
});
