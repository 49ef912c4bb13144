/** What a path leads to, and what its named parts hold. */
interface Match<T> {
  route: T;
  params: Record<string, string>;
}

/** A method and a path with named parts: `/cloud/:cloudid/destroy`. */
export interface Routed {
  method: string;
  path: string;
}

/**
 * Finds the route of a request. A fixed part beats a named one (`/cloud/getdeploy` is no server), and a slash at the
 * end makes no difference.
 */
export function createRouter<T extends Routed>(
  routes: readonly T[],
): (method: string, path: string) => Match<T> | undefined {
  const patterns = routes
    .map((route) => ({ route, parts: partsOf(route.path) }))
    .sort((one, other) => namesIn(one.parts) - namesIn(other.parts));
  return (method, path) => {
    const parts = partsOf(path);
    for (const { route, parts: pattern } of patterns) {
      const params = route.method === method ? paramsOf(pattern, parts) : undefined;
      if (params !== undefined) return { route, params };
    }
    return undefined;
  };
}

function partsOf(path: string): string[] {
  return path.replace(/\/$/, "").split("/").slice(1);
}

function isName(part: string): boolean {
  return part.startsWith(":");
}

function namesIn(pattern: readonly string[]): number {
  return pattern.filter(isName).length;
}

function paramsOf(pattern: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    const part = decoded(parts[index] ?? "");
    if (isName(wanted) && part !== "") params[wanted.slice(1)] = part;
    else if (wanted !== part) return undefined;
  }
  return params;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
