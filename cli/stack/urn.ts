/** The logical name of a resource; only it may hold "::" itself. */
export function logicalNameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
