import { parse } from "semver";

/** The name under which npm offers a version: nobody who asks for nothing special gets one before a release. */
export function distTag(tag) {
  const version = parse(tag);
  if (version === null) throw new Error(`${tag} is no version.`);
  return version.prerelease.length > 0 ? "next" : "latest";
}
