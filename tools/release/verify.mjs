import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readChangelog } from "./changelog.mjs";
import { Refusal } from "./refusal.mjs";

/** Checks that a tag and the commit it stands on name one version. @throws Refusal that lists every difference */
export function verify(root, tag) {
  const { version } = readJson(root, "package.json");
  const lock = readJson(root, "package-lock.json");
  const [newest] = readChangelog(root).releases;
  const reasons = [
    tag === `v${version}` ? "" : `the tag is ${tag}, and package.json has the version ${version}`,
    lock.version === version && lock.packages[""].version === version
      ? ""
      : `package-lock.json has the version ${lock.version}, and package.json ${version}`,
    newest?.version === version
      ? ""
      : `the newest section of CHANGELOG.md is ${newest?.version ?? "of no version"}, and package.json has ${version}`,
    newest?.date === undefined ? "the newest section of CHANGELOG.md has no date" : "",
    newest === undefined || newest.isEmpty() ? "the newest section of CHANGELOG.md has no change" : "",
  ].filter((reason) => reason !== "");
  if (reasons.length > 0) throw new Refusal(reasons);
}

function readJson(root, file) {
  return JSON.parse(readFileSync(join(root, file), "utf8"));
}
