import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { path, withQuery } from "../../../client/request";

describe("path", () => {
  it.each<[string, string]>([
    ["1001", "/cloud/1001/x"],
    ["a b", "/cloud/a%20b/x"],
    ["../etc", "/cloud/..%2Fetc/x"],
    ["..", "/cloud/_/x"],
    [".", "/cloud/_/x"],
    ["a?b#c", "/cloud/a%3Fb%23c/x"],
  ])("keeps %j in its segment", (value, result) => {
    expect(path`/cloud/${value}/x`).toBe(result);
  });

  it("lets no value leave its segment", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        const url = new URL(`https://h/v2${path`/cloud/${value}/x`}`);
        expect(url.pathname.split("/")).toHaveLength(5);
        expect(url.pathname).toMatch(/^\/v2\/cloud\/[^/]+\/x$/);
        expect(url.search + url.hash).toBe("");
      }),
    );
  });
});

describe("withQuery", () => {
  it.each<[Record<string, string | number>, string]>([
    [{}, "/cloud"],
    [{ page: 1, perpage: 100 }, "/cloud?page=1&perpage=100"],
    [{ name: "a b&c" }, "/cloud?name=a%20b%26c"],
  ])("appends %j", (query, result) => {
    expect(withQuery("/cloud", query)).toBe(result);
  });
});
