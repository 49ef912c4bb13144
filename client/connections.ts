import { type Agent, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Method } from "./request";

/** The connections of a client: which one a request goes over. */
type Connections = (method: Method) => Promise<Agent>;

/**
 * Connections to `endpoint`, straight or through a proxy. A kept connection may be closed by the other side just as
 * it is used again, and then it is unknown whether the request arrived. A POST must not be repeated on such a doubt,
 * so it gets a connection of its own.
 */
export function createConnections(endpoint: string, proxy: URL | undefined): Connections {
  let pair: Promise<{ kept: Agent; fresh: Agent }> | undefined;
  return async (method) => {
    pair ??= connect(endpoint, proxy);
    const { kept, fresh } = await pair;
    return method === "POST" ? fresh : kept;
  };
}

async function connect(endpoint: string, proxy: URL | undefined): Promise<{ kept: Agent; fresh: Agent }> {
  const agent = await agentMaker(endpoint, proxy);
  return { kept: agent(true), fresh: agent(false) };
}

async function agentMaker(endpoint: string, proxy: URL | undefined): Promise<(keepAlive: boolean) => Agent> {
  if (endpoint.startsWith("http:")) return (keepAlive) => new HttpAgent({ keepAlive });
  if (proxy === undefined) return (keepAlive) => new HttpsAgent({ keepAlive });
  const { HttpsProxyAgent } = await import("https-proxy-agent");
  // The proxy's own certificate counts as much as Utho's: see exchange.ts.
  return (keepAlive) => new HttpsProxyAgent(proxy, { keepAlive, rejectUnauthorized: true });
}
