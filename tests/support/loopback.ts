import dns from "node:dns";
import { isIP } from "node:net";
import { afterAll, expect } from "vitest";

/**
 * Hosts beside this machine that the tests of a file asked for: with them a test depends on where it runs, and waits
 * for a network that is not there. A name in `.invalid` exists nowhere.
 */
const asked: string[] = [];
const lookup = dns.lookup;

dns.lookup = Object.assign((...parts: Parameters<typeof lookup>) => {
  const [host] = parts;
  if (host !== "localhost" && !host.endsWith(".invalid") && isIP(host) === 0) asked.push(host);
  return lookup(...parts);
}, lookup);

afterAll(() => {
  dns.lookup = lookup;
  expect(asked, "hosts that a test asked for").toEqual([]);
});
