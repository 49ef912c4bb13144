import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import Ajv from "ajv";
import AjvDraft04 from "ajv-draft-04";
import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { type Format, render } from "../../../../cli/report/formats";
import { MARKER } from "../../../../cli/report/markdown";
import type { Report } from "../../../../cli/report/model";
import { escapeMarkdown, escapeMarkup, markdownWithCode } from "../../../../cli/report/text";
import { columnsOf, cut } from "../../../../cli/screen/columns";
import { visible } from "../../../../cli/screen/text";
import { hostileReport, sampleReport } from "./sample";

const PLAIN = { color: false, width: undefined };

/** Names with everything that a format could trip over, besides whatever characters there are. */
const hostileText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(..."<>&\"'`|]]>\\\n\r\t\0\u001b\u202e\u2066\ufffe\ud800_*[]()#@:/".split("")),
    maxLength: 20,
  }),
  fc.constantFrom(
    "<script>alert(1)</script>",
    "]]>",
    "<!--",
    "\u202egnp.exe",
    "\u001b[2J",
    "@everyone #1 www.x.y",
    "| a | b |",
  ),
);

function textOf(format: Format, report: Report): Promise<string> {
  return render(format, report, PLAIN);
}

/** Elements of a document, in their order; throws where it is not well-formed XML. */
function elementsOf(xml: string): { name: string; attributes: Record<string, string> }[] {
  const parser = new SaxesParser();
  const elements: { name: string; attributes: Record<string, string> }[] = [];
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => void elements.push({ name, attributes }));
  parser.write(xml).close();
  return elements;
}

describe("JSON", () => {
  const schema: Record<string, unknown> = JSON.parse(
    readFileSync(resolve(__dirname, "../../../../docs/report.schema.json"), "utf8"),
  );

  /** Every object closed, so that a property which the page does not describe is seen. */
  function closed(part: unknown): unknown {
    if (Array.isArray(part)) return part.map(closed);
    if (typeof part !== "object" || part === null) return part;
    const inner = Object.fromEntries(Object.entries(part).map(([key, value]) => [key, closed(value)]));
    return "properties" in part && "required" in part ? { ...inner, additionalProperties: false } : inner;
  }

  it.each([
    ["a sample", sampleReport()],
    ["hostile names", hostileReport("\u202e<x>")],
  ])("is as docs/report.schema.json describes it, with nothing besides: %s", async (_what, report) => {
    const text = await textOf("json", report);
    const ajv = new Ajv({ strict: false, validateFormats: false });
    for (const one of [schema, closed(schema)]) {
      const isValid = ajv.compile(one === schema ? schema : Object(one));
      expect(isValid(JSON.parse(text)), JSON.stringify(isValid.errors)).toBe(true);
    }
    expect(JSON.parse(text)).toEqual(report);
  });

  it("is validated by its schema, which rejects anything else", () => {
    const isValid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(isValid({ ...sampleReport(), schemaVersion: 2 })).toBe(false);
    expect(isValid({ ...sampleReport(), findings: [{ kind: "odd" }] })).toBe(false);
  });
});

describe("SARIF", () => {
  const file = require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
  const schema: Record<string, unknown> = JSON.parse(readFileSync(file, "utf8"));
  const isValid = new AjvDraft04({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
    schema,
  );

  it("is valid by its published schema, with a rule for each result", async () => {
    const log = JSON.parse(await textOf("sarif", sampleReport()));
    expect(isValid(log), JSON.stringify(isValid.errors)).toBe(true);
    const [run] = log.runs;
    expect(run.results).toHaveLength(sampleReport().findings.length);
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex].id).toBe(ruleId);
    expect(
      new Set(
        run.results.map((one: { partialFingerprints: unknown }) => JSON.stringify(one.partialFingerprints)),
      ).size,
    ).toBe(run.results.length);
  });

  it("marks suppressed findings, known ones, and a run that was incomplete", async () => {
    const report = sampleReport();
    const [finding] = report.findings;
    if (finding === undefined) throw new Error("the sample has findings");
    Object.assign(finding, { ignored: { reason: "on purpose", until: null }, isNew: false, alarms: false });
    const [entry] = report.snapshots;
    Object.assign(entry ?? {}, { state: "undetermined", detail: "no answer" });
    report.hasBaseline = true;
    const log = JSON.parse(await textOf("sarif", report));
    expect(isValid(log), JSON.stringify(isValid.errors)).toBe(true);
    expect(log.runs[0].results[0]).toMatchObject({
      baselineState: "unchanged",
      suppressions: [{ kind: "external", justification: "on purpose" }],
    });
    expect(log.runs[0].invocations[0]).toMatchObject({ executionSuccessful: false });
  });

  it("is no log when the structure is broken", () => {
    expect(isValid({ version: "2.1.0", runs: [{ results: [] }] })).toBe(false);
  });
});

describe("JUnit", () => {
  it("has a case for each snapshot and each server, and counts them", async () => {
    const report = sampleReport();
    const elements = elementsOf(await textOf("junit", report));
    const cases = elements.filter(({ name }) => name === "testcase");
    expect(cases).toHaveLength(report.snapshots.length + report.servers.length);
    const [root] = elements;
    expect(root).toMatchObject({
      name: "testsuites",
      attributes: {
        tests: String(cases.length),
        failures: String(elements.filter(({ name }) => name === "failure").length),
        errors: "0",
      },
    });
    expect(elements.filter(({ name }) => name === "failure")).toHaveLength(report.verdict.alarms);
  });

  it("is well-formed whatever names there are, and they come through", async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const elements = elementsOf(await textOf("junit", hostileReport(text)));
        const names = elements
          .filter(({ name }) => name === "testcase")
          .map(({ attributes }) => attributes.name);
        expect(names.some((name) => name?.includes(visible(text).replace(/[\ufffe\uffff]/g, "\ufffd")))).toBe(
          true,
        );
      }),
      { numRuns: 150 },
    );
  });

  it("has an error when something cannot be determined", async () => {
    const report = sampleReport();
    Object.assign(report.snapshots[0] ?? {}, { state: "undetermined", detail: "UTHO_NETWORK" });
    const elements = elementsOf(await textOf("junit", report));
    expect(elements[0]?.attributes.errors).toBe("1");
    expect(elements.find(({ name }) => name === "error")?.attributes.message).toContain("UTHO_NETWORK");
  });
});

describe("HTML", () => {
  it("holds no name as markup, whatever it is", async () => {
    await fc.assert(
      fc.asyncProperty(hostileText, async (text) => {
        const tags = (page: string) => [...page.matchAll(/<\/?[a-z!][^\s>]*/gi)].map(([tag]) => tag).join();
        const plain = await textOf("html", hostileReport("x"));
        const page = await textOf("html", hostileReport(text));
        // A name may make the one part appear or vanish that is for empty names; nothing else.
        expect(tags(page)).toBe(tags(plain));
        expect(page.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
      }),
      { numRuns: 60, examples: [["`<`"]] },
    );
  });
});

describe("Markdown", () => {
  it("begins with the marker by which a comment is found again", async () => {
    const text = await textOf("markdown", sampleReport());
    expect(text.startsWith(`${MARKER}\n`)).toBe(true);
    expect(MARKER).toBe("<!-- pulumi-utho-report -->");
  });

  it("is shown by a renderer of GitHub's Markdown as lists, tables and code, when much is wrong", async () => {
    const report = sampleReport();
    const text = await textOf("markdown", report);
    const html = new MarkdownIt({ html: true }).render(text);
    const tables = [...html.matchAll(/<table>[\s\S]*?<\/table>/g)].map(([table]) => table);
    expect(tables).toHaveLength(2);
    const [snapshots = "", servers = ""] = tables;
    const rowsOf = (table: string) => table.match(/<tbody>[\s\S]*<\/tbody>/)?.[0].match(/<tr>/g)?.length;
    expect(rowsOf(snapshots)).toBe(report.snapshots.filter(({ state }) => state !== "in-sync").length);
    expect(rowsOf(servers)).toBe(report.servers.length);
    for (const table of tables) {
      const widths = [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/g)].map(
        ([, row = ""]) => row.match(/<t[hd]/g)?.length,
      );
      expect(new Set(widths).size).toBe(1);
    }
    // No bar, no dashes and no hash are left as text; what was code is code.
    expect(html.replace(/<[^>]+>/g, "")).not.toMatch(/\|| --- |##|`/);
    expect(html).toContain("<code>pulumi up --refresh</code>");
    expect(html).toContain("<h3>Findings</h3>");
  });

  it("shows code in a cell whose text holds a bar, a tag or a backtick", () => {
    const row = `| a |\n| --- |\n| ${markdownWithCode("x `a|b <i>` y` | z")} |`;
    const html = new MarkdownIt({ html: true }).render(row);
    expect(html).toContain("<td>x <code>a|b &lt;i&gt;</code> y` | z</td>");
  });

  it("keeps to its table, and no name becomes a mention or a link", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const escaped = escapeMarkdown(text).replaceAll("<!-- -->", "");
        expect(escaped).not.toMatch(/[<>|\n\r`*_@[\]\\]|:\/\/|#(?!\d+;)/);
        expect(escaped).not.toMatch(/&(?!(amp|lt|gt|quot|#\d+);)/);
      }),
    );
  });

  it("parts what GitHub would make a mention, a reference or an emoji after entities are read", () => {
    const rendered = new MarkdownIt({ html: true }).render(escapeMarkdown("@octocat #1 :fire: a:b"));
    expect(rendered).toBe("<p>@<!-- -->octocat #<!-- -->1 :<!-- -->fire: a:b</p>\n");
  });

  it("stays below GitHub's limit, and says what it left out", async () => {
    const report = sampleReport();
    const [finding] = report.findings;
    const [entry] = report.snapshots;
    if (finding === undefined || entry === undefined) throw new Error("the sample has findings");
    report.findings = Array.from({ length: 2000 }, (_, index) => ({ ...finding, title: `finding ${index}` }));
    report.snapshots = Array.from({ length: 2000 }, () => entry);
    const text = await textOf("markdown", report);
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/…and \d+ more/);
  });
});

describe("brief", () => {
  it("is a sentence for each finding that counts, hostname first, with what to do", async () => {
    const report = sampleReport();
    const [head = "", blank, finding, advice] = (await textOf("brief", report)).split("\n");
    expect(head).toMatch(/^1 finding to look at\. \(1 stack: prod; 2026-11-24 12:00 UTC\)$/);
    expect(blank).toBe("");
    expect(finding).toMatch(
      /^web-1: 1001\/5002 of \d+ Nov \d\d:\d\d UTC "renamed" was changed outside: name: /,
    );
    expect(advice).toBe("  → `pulumi up --refresh` accepts it as it is.");
  });

  it("says of which kinds the rest is, and what unmanaged snapshots cost", async () => {
    const report = sampleReport();
    const [finding] = report.findings;
    if (finding === undefined) throw new Error("the sample has findings");
    const kinds = ["unmanaged", "stale", "unmanaged"] as const;
    report.findings = kinds.map((kind) => ({ ...finding, kind, alarms: false }));
    report.verdict = { exitCode: 0, alarms: 0, undetermined: 0 };
    report.totals.unmanaged = { count: 2, sizeGb: 1_650, monthlyCost: 6_600 };
    const [head] = (await textOf("brief", report)).split("\n");
    expect(head).toMatch(
      /^Nothing to be alarmed about; 3 findings besides: 1 stale, 2 unmanaged \(₹6,600 a month\)\. \(/,
    );
  });

  it("is a screen at most, whatever was lost, and says that there is more", async () => {
    const report = sampleReport();
    const [finding] = report.findings;
    if (finding === undefined) throw new Error("the sample has findings");
    report.findings = (["missing", "failed", "drift", "stale"] as const).flatMap((kind) =>
      Array.from({ length: 48 }, (_, index) => ({
        ...finding,
        kind,
        alarms: true,
        title: `${kind} ${index}`,
        next: index < 40 ? "do this" : `do ${index}`,
      })),
    );
    const lines = (await textOf("brief", report)).trimEnd().split("\n");
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.slice(2, 12)).toEqual([
      ...["missing 0", "missing 1", "missing 2", "…and 37 more like these", "  → do this"],
      ...["missing 40", "  → do 40"],
      ...["missing 41", "missing 42", "missing 43"],
    ]);
    expect(lines.at(-1)).toBe("…and more: run `npx --no pulumi-utho report`.");
  });
});

describe("the table", () => {
  it.each([80, 120])(
    "at %i columns breaks no word, cuts no id, and keeps two nights distinguishable",
    async (width) => {
      const report = sampleReport();
      const [first] = report.snapshots;
      if (first === undefined) throw new Error("the sample has snapshots");
      const nights = [25, 26].map((day) => {
        const name = `prod-nightly-of-the-shop-a1b2c3-202611${day}t000000z`;
        return { ...first, id: `1280002/90345${day}`, name, serverName: "a-database-of-the-shop" };
      });
      report.snapshots = nights;
      const text = await render("table", report, { color: false, width });
      for (const { id } of nights) expect(text).toContain(id);
      expect(text).toMatch(/ pro\S*20261125t000000z /);
      expect(text).toMatch(/ pro\S*20261126t000000z /);
      const lines = text.split("\n");
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      const words = report.findings
        .filter(({ alarms }) => alarms)
        .flatMap(({ title, next }) => `${title} ${next}`.split(" "));
      const shown = new Set(text.split(/\s+/));
      expect(words.filter((word) => !shown.has(word))).toEqual([]);
    },
  );

  it.each([60, 80, 100, 140])(
    "is no wider than a screen of %i columns, whatever names there are",
    async (width) => {
      for (const name of ["日本語のスナップショット".repeat(4), "x".repeat(200), "👩‍👩‍👧‍👦".repeat(30)]) {
        const text = await render("table", hostileReport(name), { color: false, width });
        const tables = text.split("\n\n").filter((part) => /^(State|Servers\n)/.test(part));
        expect(tables).toHaveLength(2);
        const wide = tables
          .join("\n")
          .split("\n")
          .filter((line) => columnsOf(line) > width);
        expect(wide).toEqual([]);
      }
    },
  );

  it("lets no escape sequence of a name through, and has colours only when they are wanted", async () => {
    const hostile = hostileReport("\u001b[31mred\u0007");
    expect(await render("table", hostile, PLAIN)).not.toContain("\u001b");
    const colored = await render("table", hostile, { color: true, width: 100 });
    expect(colored).toContain("\u001b[");
    expect(colored).not.toContain("\u0007");
  });

  it("of thousands is a few screens of the worst, and whole in a pipe", async () => {
    const report = sampleReport();
    const [first] = report.snapshots;
    const [finding] = report.findings;
    if (first === undefined || finding === undefined) throw new Error("the sample has both");
    report.snapshots = Array.from({ length: 26_000 }, (_, index) => ({
      ...first,
      id: `1001/${5_000 + index}`,
    }));
    report.findings = Array.from({ length: 9_000 }, (_, index) => ({ ...finding, title: `lost ${index}` }));
    const linesAt = async (width: number | undefined) =>
      (await render("table", report, { color: false, width })).split("\n");
    const shown = await linesAt(120);
    expect(shown.length).toBeLessThan(900);
    expect(shown).toContain("…and 25800 more: all are in a pipe or a file.");
    expect(shown).toContain("…and 8800 more: all are in a pipe or a file.");
    expect((await linesAt(undefined)).length).toBeGreaterThan(44_000);
  });

  it("gives the verdict last, and each snapshot once", async () => {
    const report = sampleReport();
    const text = await textOf("table", report);
    expect(text.trimEnd().split("\n").at(-1)).toBe("1 finding to look at.");
    for (const { id } of report.snapshots) expect(text).toContain(id);
  });

  it("cuts between characters and never inside one", () => {
    expect(cut("abcdef", 4)).toBe("abc…");
    expect(cut("日本語", 4)).toBe("日…");
    expect(cut("prod-nightly-20261125", 14, 8)).toBe("prod-…20261125");
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 20 }), (text, width) => {
        for (const tail of [0, 6])
          expect(columnsOf(cut(text, width, tail))).toBeLessThanOrEqual(Math.max(width, 1));
      }),
    );
  });
});

describe("what is invisible", () => {
  it("is written out, and leaves nothing that turns or hides text", () => {
    expect(visible("a\u202eb\u0000c\nd")).toBe("a\\u{202e}b\\u{0}c\\u{a}d");
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(visible(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(visible(text)).not.toMatch(/\p{Surrogate}/u);
        expect(escapeMarkup(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});
