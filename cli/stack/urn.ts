/** Stack and project: `urn:pulumi:<stack>::<project>`. */
export function programOf(urn: string): string {
  return urn.split("::").slice(0, 2).join("::");
}

/** The logical name of a resource; only it may hold "::" itself. */
export function logicalNameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
