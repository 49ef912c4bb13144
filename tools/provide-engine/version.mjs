/**
 * The first three numbers of "v3.248.0", "go1.26.8" or "3.250.0-alpha.1"; a missing third counts as 0.
 * @returns {[number, number, number] | undefined}
 */
export function parseVersion(text) {
  const match = /^\s*(?:v|go)?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/** Negative, zero or positive, like the comparison of two numbers. */
export function compareVersions(a, b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}
