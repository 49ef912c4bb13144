import { BlockList, isIP } from "node:net";

/** The variables that name a proxy for an https address, the first that is set wins. */
const VARIABLES = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] as const;

/** The proxy that requests go through. */
export interface WebProxy {
  /** Without its user and password: "HTTPS_PROXY (proxy.example:3128)". */
  shown: string;
  /** Where to connect, with user and password; `undefined` where the variable holds no address of a web proxy. */
  url?: URL;
}

/** The proxy of requests to `endpoint`. `undefined`: none is configured, or NO_PROXY excepts the endpoint. */
export function proxyFor(endpoint: string, env: NodeJS.ProcessEnv): WebProxy | undefined {
  const target = new URL(endpoint);
  // Plain http goes to this machine only, and never through a proxy.
  if (target.protocol !== "https:" || isExcepted(target, env.no_proxy || env.NO_PROXY || ""))
    return undefined;
  for (const variable of VARIABLES) {
    const value = env[variable]?.trim() ?? "";
    if (value === "") continue;
    const url = addressOf(value);
    const place = url === undefined || url.host === "" ? "which is no address" : url.host;
    const usable = url !== undefined && url.host !== "" && /^https?:$/.test(url.protocol);
    return { shown: `${variable} (${place})`, ...(usable ? { url } : {}) };
  }
  return undefined;
}

/** Without a scheme it is an http proxy, as for curl. */
function addressOf(value: string): URL | undefined {
  try {
    return new URL(value.includes("://") ? value : `http://${value}`);
  } catch {
    return undefined;
  }
}

/** Names except their subdomains too; an entry may have a port, or be a range of addresses ("10.0.0.0/8"). */
function isExcepted({ hostname, port }: URL, exceptions: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*" || isInRange(host, entry)) return true;
      const [, name = entry, wanted] = /^(.*[^:]):(\d+)$/.exec(isIP(entry) === 6 ? "" : entry) ?? [];
      if (wanted !== undefined && wanted !== (port === "" ? "443" : port)) return false;
      const domain = name.replace(/^\[|\]$/g, "").replace(/^\*?\.?/, "");
      return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
    });
}

function isInRange(host: string, entry: string): boolean {
  const [, network = "", prefix = ""] = /^(.+)\/(\d+)$/.exec(entry) ?? [];
  const version = isIP(network);
  if (version === 0 || version !== isIP(host) || Number(prefix) > (version === 4 ? 32 : 128)) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const range = new BlockList();
  range.addSubnet(network, Number(prefix), family);
  return range.check(host, family);
}
