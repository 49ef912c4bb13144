import { isIP } from "node:net";
import type { HttpRequest } from "../http/server";

/**
 * Why a control request is not let in, or `undefined`. Control has no token, so it is for this machine alone:
 * the peer must be on loopback, and so must the names in Host and Origin, which keeps web pages out that a
 * browser on this machine has open (cross-site requests and DNS rebinding).
 */
export function controlRefusal(request: HttpRequest): string | undefined {
  if (!isLoopback(request.peer)) return "Control is for this machine alone.";
  if (!isLoopback(hostOf(`http://${request.headers.host ?? ""}`))) return "Host must be a loopback address.";
  const { origin } = request.headers;
  if (origin !== undefined && !isLoopback(hostOf(origin))) return "Origin must be a loopback address.";
  return undefined;
}

function hostOf(url: string): string {
  try {
    return new URL(url).hostname.replace(/^\[|\]$/g, "");
  } catch {
    return "";
  }
}

/** Whether a host name or address stands for this machine. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "::1") return true;
  const address = host.replace(/^::ffff:/, "");
  return isIP(address) === 4 && address.startsWith("127.");
}
