import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CODES } from "../../../provider/codes";
import { entryPoints } from "../docs/entry-points";
import { headings, pages, REPOSITORY, readPage } from "../docs/pages";

let folder: string;
let site: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-utho-site-"));
  site = join(folder, "site");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function deadLinks(place: string): Promise<string[]> {
  const checker = await import("../../../tools/docs/links.mjs");
  return checker.deadLinks(place).map((one) => one.replaceAll("\\", "/"));
}

describe("npm run docs", () => {
  it("finds a docstring for every exported name, nothing to warn of, and no dead link", {
    timeout: 600_000,
  }, async () => {
    const script = join(REPOSITORY, "tools/docs.mjs");
    // It fails the build, and says why, where one of them is not so.
    const { stdout } = await promisify(execFile)(process.execPath, [script, site], { cwd: REPOSITORY });
    expect(stdout).toContain("index.html");
  });

  it("shows every entry point that people use, and no other", () => {
    const shown = entryPoints()
      .map(({ specifier }) => specifier)
      .filter((specifier) => specifier !== "pulumi-utho/provider");
    const modules = readFileSync(join(site, "modules.html"), "utf8");
    const found = [...modules.matchAll(/href="modules\/([^"]+)\.html"/g)].map(([, name = ""]) =>
      name.replaceAll("_", "/"),
    );
    expect([...new Set(found)].sort()).toEqual(shown.sort());
  });

  it("shows each guide under its own heading", () => {
    for (const page of pages().filter((one) => /^docs\/.*\.md$/.test(one))) {
      const title = headings(readPage(page))[0]?.title ?? "none";
      const built = join(site, "documents", page.replaceAll("/", "_").replace(/\.md$/, ".html"));
      const [, shown] = /<title>(.*) \| pulumi-utho/.exec(readFileSync(built, "utf8")) ?? [];
      expect(shown, page).toBe(inHtml(title.replaceAll("`", "")));
    }
  });

  it.each(Object.keys(CODES))("has an anchor for %s", (code) => {
    const errors = readFileSync(join(site, "documents/docs_errors.html"), "utf8");
    expect(errors).toContain(`id="${code.toLowerCase()}"`);
  });
});

describe("the check of links", () => {
  it("reports a missing page, anchor and picture, and a link to a page's source", async () => {
    const broken = join(folder, "broken");
    mkdirSync(join(broken, "below"), { recursive: true });
    writeFileSync(join(broken, "source.md"), "# Source\n");
    writeFileSync(
      join(broken, "index.html"),
      '<h1 id="top"></h1><a href="#top"></a><a href="below/a.html#b"></a><a href="https://utho.com/x"></a>' +
        '<a href="#gone"></a><a href="below/gone.html"></a><img src="gone.svg"><a href="source.md"></a>',
    );
    writeFileSync(
      join(broken, "below/a.html"),
      '<p id="b"></p><a href="../index.html#top"></a><a href="../#top"></a><a href="../#gone"></a>',
    );
    expect((await deadLinks(broken)).sort()).toEqual([
      "below/a.html: ../#gone",
      "index.html: #gone",
      "index.html: below/gone.html",
      "index.html: gone.svg",
      "index.html: source.md",
    ]);
  });
});

function inHtml(text: string): string {
  const entities: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "'": "&#39;",
    '"': "&quot;",
  };
  return text.replace(/[&<>'"]/g, (sign) => entities[sign] ?? sign);
}
