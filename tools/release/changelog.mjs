import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parser } from "keep-a-changelog";

const FILE = "CHANGELOG.md";

/** The changelog of a repository, in the form of keepachangelog.com. @throws Error that names the line */
export function readChangelog(root) {
  const changelog = parser(readFileSync(join(root, FILE), "utf8"));
  changelog.format = "markdownlint";
  return changelog;
}

export function writeChangelog(root, changelog) {
  writeFileSync(join(root, FILE), changelog.toString());
}
