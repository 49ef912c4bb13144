import { existsSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { anchorOf, headings, pages, prose, REPOSITORY, readPage } from "./pages";

const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

/** What is wrong with a relative link of a page; `undefined`: nothing. */
function faultOf(page: string, link: string): string | undefined {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(REPOSITORY, target))) return `${page}: ${link} names no file`;
  if (anchor === undefined || !target.endsWith(".md")) return undefined;
  const anchors = headings(readPage(target)).map(({ title }) => anchorOf(title));
  return anchors.includes(anchor) ? undefined : `${page}: ${link} names no heading`;
}

describe("links between the pages", () => {
  it("resolve, with their anchors", () => {
    const faults = pages().flatMap((page) =>
      [...prose(readPage(page)).matchAll(LINK)].flatMap(([, link = ""]) => {
        const isOutside = /^[a-z]+:/.test(link);
        return isOutside ? [] : (faultOf(page, link) ?? []);
      }),
    );
    expect(faults).toEqual([]);
  });

  it("are found at all", () => {
    expect([...prose(readPage("README.md")).matchAll(LINK)].length).toBeGreaterThan(15);
  });
});
