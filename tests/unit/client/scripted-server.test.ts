import { describe, expect, it } from "vitest";
import { type Call, json, startScriptedServer } from "./scripted-server";

const post: Call = { method: "POST", path: "/a", body: { x: 1 }, reply: json({ ok: true }) };
const get: Call = { method: "GET", path: "/b?page=1", reply: json({ ok: true }) };

async function play(script: Call[], made: [path: string, init?: RequestInit][]): Promise<void> {
  const server = await startScriptedServer(script);
  for (const [path, init] of made) await fetch(server.url + path, init);
  await server.close();
}

const madePost: [string, RequestInit] = ["/a", { method: "POST", body: '{"x":1}' }];

describe("the scripted server", () => {
  it("is content when the script is followed", async () => {
    await expect(play([post, get], [madePost, ["/b?page=1"]])).resolves.toBeUndefined();
  });

  it.each<[string, Call[], [string, RequestInit?][], RegExp]>([
    ["a call too many", [get], [["/b?page=1"], ["/b?page=1"]], /not expected: GET \/v2\/b/],
    ["a call never made", [post, get], [madePost], /never made: GET \/b/],
    ["another order", [get, post], [madePost, ["/b?page=1"]], /expected GET \/b\?page=1, got POST/],
    ["another query", [get], [["/b?page=2"]], /expected GET \/b\?page=1, got GET \/v2\/b\?page=2/],
    ["another body", [post], [["/a", { method: "POST", body: '{"x":2}' }]], /with \{"x":1\}, got \{"x":2\}/],
    ["no body", [post], [["/a", { method: "POST" }]], /got no body/],
    ["a body where none belongs", [{ ...post, body: undefined }], [madePost], /with undefined, got/],
    ["another header", [{ ...get, headers: { accept: "x/y" } }], [["/b?page=1"]], /header accept: x\/y/],
  ])("complains of %s", async (_what, script, made, complaint) => {
    await expect(play(script, made)).rejects.toThrow(complaint);
  });
});
