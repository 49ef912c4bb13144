/** The variables that the HTTP library looks at for an https address, in its order. */
const VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] as const;

/**
 * The proxy that requests to `endpoint` go through, fit to be shown: "HTTPS_PROXY (proxy.example:3128)". Its user and
 * password are left out. `undefined`: none is configured, or NO_PROXY excepts the endpoint.
 */
export function proxyFor(endpoint: string, env: NodeJS.ProcessEnv): string | undefined {
  const { protocol, hostname } = new URL(endpoint);
  // Plain http goes to this machine only, and never through a proxy.
  if (protocol !== "https:" || isExcepted(hostname, env.no_proxy ?? env.NO_PROXY ?? "")) return undefined;
  for (const variable of VARIABLES) {
    const value = env[variable]?.trim() ?? "";
    if (value !== "") return `${variable} (${placeOf(value)})`;
  }
  return undefined;
}

function placeOf(value: string): string {
  try {
    const { host } = new URL(value.includes("://") ? value : `http://${value}`);
    return host === "" ? "which is no address" : host;
  } catch {
    return "which is no address";
  }
}

function isExcepted(hostname: string, exceptions: string): boolean {
  if (exceptions.trim() === "*") return true;
  const domains = exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .map((one) => one.replace(/:\d+$/, "").replace(/^\*?\.?/, ""));
  return domains.some((domain) => domain !== "" && (hostname === domain || hostname.endsWith(`.${domain}`)));
}
