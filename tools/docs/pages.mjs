import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Groups of the site's navigation, in its order. The pages that are named come first, the others after them. */
const GROUPS = [
  {
    group: "Guides",
    holds: /^docs\/[\w-]+\.md$/,
    first: ["configuration.md", "ci.md", "errors.md", "utho-api.md", "simulator.md", "architecture.md"].map(
      (name) => `docs/${name}`,
    ),
  },
  { group: "Uses", holds: /^docs\/uses\/[\w-]+\.md$/, first: [] },
  { group: "Examples", holds: /^examples\/([\w-]+\/)?README\.md$/, first: ["examples/README.md"] },
  { group: "Modules", holds: undefined, first: [] },
  { group: "Decisions", holds: /^docs\/decisions\/[\w-]+\.md$/, first: ["docs/decisions/README.md"] },
  { group: "Project", holds: /^([A-Z]+|bench\/results)\.md$/, first: ["CHANGELOG.md"] },
];

/** The front page stands for itself. */
const FRONT = "README.md";

export const GROUP_ORDER = GROUPS.map(({ group }) => group);

/** Every page of the site but the front page, by its path below the repository, in the order of the navigation. */
export function sitePages(root) {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", "*.md"];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\n");
  const there = listed.filter((page) => page !== "" && page !== FRONT && existsSync(join(root, page)));
  return GROUPS.flatMap(({ group, first }) => {
    const rankOf = (page) => {
      const rank = first.indexOf(page);
      return rank < 0 ? first.length : rank;
    };
    const own = there.filter((page) => groupOf(page) === group);
    return own.sort((a, b) => rankOf(a) - rankOf(b) || a.localeCompare(b, "en"));
  });
}

/** The group of a page; `undefined` where it is no page of the site. */
export function groupOf(page) {
  return GROUPS.find(({ holds }) => holds?.test(page))?.group;
}

/** What a page is called: its first heading. */
export function titleOf(file) {
  const heading = /^# +(.+?)\s*$/m.exec(readFileSync(file, "utf8"));
  if (heading === null) throw new Error(`${file} has no heading.`);
  return heading[1].replaceAll("`", "");
}
