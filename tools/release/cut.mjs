import { execFileSync } from "node:child_process";
import { gt, valid } from "semver";
import { readChangelog, writeChangelog } from "./changelog.mjs";
import { Refusal } from "./refusal.mjs";

/** Dates the changelog's unreleased section, and gives it and package.json the version. @throws Refusal */
export function cut(root, version) {
  const changelog = readChangelog(root);
  const section = changelog.releases.find(({ date }) => date === undefined);
  const last = changelog.releases.find(({ date }) => date !== undefined);
  const reasons = [
    valid(version) === version ? "" : `${version} is no version; write it as 1.2.3`,
    section === undefined ? 'CHANGELOG.md has no section "Unreleased"' : "",
    section?.isEmpty() ? "the unreleased section of CHANGELOG.md has no change" : "",
    section?.version === undefined || section.version === version
      ? ""
      : `CHANGELOG.md prepares ${section.version}, not ${version}`,
    last === undefined || valid(version) === null || gt(version, last.version)
      ? ""
      : `${version} is not above ${last.version}, the last released one`,
  ].filter((reason) => reason !== "");
  if (reasons.length > 0) throw new Refusal(reasons);
  section.setVersion(version);
  section.setDate(new Date());
  changelog.sortReleases();
  const flags = [
    "--no-git-tag-version",
    "--allow-same-version",
    "--ignore-scripts",
    "--no-workspaces-update",
  ];
  execFileSync("npm", ["version", version, ...flags], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  writeChangelog(root, changelog);
}
