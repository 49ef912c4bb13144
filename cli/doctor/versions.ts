/** The oldest Pulumi, CLI and SDK, that is tested. */
export const OLDEST_PULUMI = [3, 215, 0] as const;

/** Whether a version of Pulumi is older than that. */
export function isOld(version: string): boolean {
  const parts = version.split(".").map((part) => Number.parseInt(part, 10));
  for (const [index, oldest] of OLDEST_PULUMI.entries()) {
    const part = parts[index] ?? 0;
    if (part !== oldest) return part < oldest;
  }
  return false;
}
