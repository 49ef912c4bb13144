import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quote, redact } from "../../../client/redact";
import { TOKEN } from "./harness";

const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("redact", () => {
  it.each<[string, string]>([
    ["plain", TOKEN],
    ["URL-encoded", encodeURIComponent(TOKEN)],
    ["URL-encoded in lower case", encodeURIComponent(TOKEN).replace(/%../g, (hex) => hex.toLowerCase())],
    ["in base64", base64(TOKEN)],
    ["in base64 for URLs", Buffer.from(TOKEN).toString("base64url")],
    ["as PHP escapes JSON", TOKEN.replaceAll("/", "\\/")],
  ])("replaces the token %s", (_how, spelling) => {
    expect(redact(`before ${spelling} after, and ${spelling}`, TOKEN)).toBe(
      "before [redacted] after, and [redacted]",
    );
  });

  it.each(["", "u", "user:", "Bearer "])("finds the token in base64 behind %j", (before) => {
    const text = redact(base64(`${before}${TOKEN} and more`), TOKEN);
    expect(text).toContain("[redacted]");
    expect(Buffer.from(text.replace("[redacted]", ""), "base64").toString()).not.toContain(
      TOKEN.slice(2, 12),
    );
  });

  it("leaves other text and an empty token alone", () => {
    expect(redact("nothing here", TOKEN)).toBe("nothing here");
    expect(redact("nothing here", "")).toBe("nothing here");
    expect(redact("nothing here", "e")).toBe("nothing here");
  });

  it("leaves no token behind, whatever it is and wherever it stands", () => {
    const token = fc.stringMatching(/^[\x21-\x7e]{12,40}$/);
    const filler = fc.string({ maxLength: 20 });
    const spelling = fc.constantFrom<(text: string) => string>(
      (text) => text,
      encodeURIComponent,
      base64,
      JSON.stringify,
    );
    fc.assert(
      fc.property(token, filler, filler, spelling, (secret, before, after, spell) => {
        // A token that is part of the mark itself would stand in every redacted text.
        fc.pre(!"[redacted]".includes(secret));
        const text = redact(`${before}${spell(secret)}${after}`, secret);
        expect(text).not.toContain(secret);
        expect(text).not.toContain(base64(secret));
      }),
    );
  });
});

describe("quote", () => {
  it("makes one line of at most 300 characters", () => {
    expect(quote("a\r\n\tb\u0007 \uFEFF c ", TOKEN)).toBe("a b c");
    expect(quote("x".repeat(1000), TOKEN)).toHaveLength(300);
  });

  it.each([
    ["<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>", "502 Bad Gateway"],
    [
      "<html>\r\n<head><title>\n </title></head><body><h1 class=a>Busy &amp; full</h1>x</body>",
      "Busy & full",
    ],
    [
      "<!DOCTYPE html><style>b{margin:0}</style><script>if (a<b) c()</script><body><p>Too many<br>requests&nbsp;!</body>",
      "Too many requests !",
    ],
    ["Blocked by policy.<br/><div>Ask IT</div>", "Blocked by policy. Ask IT"],
    ["Type <hostname> to confirm, if a < b", "Type <hostname> to confirm, if a < b"],
  ])("makes a plain line of %s", (page, line) => {
    expect(quote(page, TOKEN)).toBe(line);
  });

  it("finds a token in a page, spelled with entities or cut by what looks like a tag", () => {
    const token = "abc<b>&def";
    for (const spelled of [token, "abc&lt;b&gt;&amp;def"])
      expect(quote(`<html><title>no ${spelled}</title>`, token)).toBe("no [redacted]");
  });

  it("reads a large page of bare brackets at once", () => {
    expect(quote(`<html>${"<title <script".repeat(300_000)}`, TOKEN).length).toBeLessThanOrEqual(300);
  });

  it("leaves no part of a token where it cuts", () => {
    for (let before = 250; before < 310; before++) {
      expect(quote(`${"x".repeat(before)}${TOKEN}`, TOKEN)).not.toContain(TOKEN.slice(0, 4));
    }
  });

  it.each([
    '{"cloudid":"1","password":"hunter2","x":1}',
    '{"root_password" : "hunter2"}',
    '{"consolepassword":"hunt\\"hunter2"}',
    '{"cloudid":"1","password":"hunter2',
    '{"cloudid":"1","password":"hunter2\\',
    '{"password":hunter2}',
  ])("takes the password out of %s", (text) => {
    expect(quote(text, TOKEN)).not.toContain("hunter2");
  });
});
