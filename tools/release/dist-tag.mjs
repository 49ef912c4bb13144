import { parse } from "semver";

/** The name under which npm offers a version: a prerelease is installed only by its name. */
export function distTag(tag) {
  const version = parse(tag);
  if (version === null) throw new Error(`${tag} is no version.`);
  return version.prerelease.length > 0 ? "next" : "latest";
}
