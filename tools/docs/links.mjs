import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { Parser } from "htmlparser2";

/** Attributes by which an element names another file. */
const NAMING = { a: "href", link: "href", script: "src", img: "src" };

/** Links within a built site that lead nowhere, each as "page: link". */
export function deadLinks(site) {
  const pages = new Map(
    readdirSync(site, { recursive: true })
      .filter((file) => file.endsWith(".html"))
      .map((file) => [join(site, file), readPage(join(site, file))]),
  );
  if (pages.size === 0) throw new Error(`${site} holds no page.`);
  return [...pages].flatMap(([page, { links }]) =>
    links
      .filter((link) => !/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(link) && !leadsSomewhere(page, link, pages))
      .map((link) => `${relative(site, page)}: ${link}`),
  );
}

/** What a page names, and the anchors that it has. */
function readPage(file) {
  const links = [];
  const anchors = new Set();
  const parser = new Parser({
    onopentag(name, attributes) {
      const link = attributes[NAMING[name]];
      if (link !== undefined) links.push(link);
      if (attributes.id !== undefined) anchors.add(attributes.id);
      if (name === "a" && attributes.name !== undefined) anchors.add(attributes.name);
    },
  });
  parser.end(readFileSync(file, "utf8"));
  return { links, anchors };
}

function leadsSomewhere(page, link, pages) {
  const [path, anchor] = link.split("#", 2).map(decodeURIComponent);
  const named = path === "" ? page : resolve(dirname(page), path.replace(/\?.*$/, ""));
  // A web server answers a folder with its index.
  const target = existsSync(named) && statSync(named).isDirectory() ? join(named, "index.html") : named;
  // The source of a page that the site does not show would be handed out as a download.
  if (!existsSync(target) || target.endsWith(".md")) return false;
  // "#" alone is the top of the page.
  if (anchor === undefined || anchor === "" || !pages.has(target)) return true;
  return pages.get(target).anchors.has(anchor);
}
