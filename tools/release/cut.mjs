import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  const flags = ["--no-git-tag-version", "--allow-same-version", "--ignore-scripts"];
  execFileSync("npm", ["version", version, ...flags], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  for (const manifest of exampleManifests(root)) wantVersion(manifest, version);
  const schema = join(root, "plugin/schema.json");
  writeFileSync(schema, readFileSync(schema, "utf8").replace(/^( {2}"version": )".*"/m, `$1"${version}"`));
  writeChangelog(root, changelog);
}

/** The examples are copied out, so they name the version that they come with. */
function exampleManifests(root) {
  const folder = join(root, "examples");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.map((name) => join(folder, name, "package.json")).filter((file) => existsSync(file));
}

function wantVersion(manifest, version) {
  const text = readFileSync(manifest, "utf8");
  writeFileSync(manifest, text.replace(/("pulumi-utho": )"[^"]*"/, `$1"^${version}"`));
}
