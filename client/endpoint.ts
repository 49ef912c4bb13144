import { ArgumentError } from "./errors";

/** Utho's public API, as its own Go client uses it. */
export const DEFAULT_ENDPOINT = "https://api.utho.com/v2";

const LOOPBACK_V4 = /^127\.\d+\.\d+\.\d+$/;

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || LOOPBACK_V4.test(hostname);
}

/**
 * Checks an API endpoint and gives it back in its normal form, without a slash at the end.
 *
 * Plain http is allowed to loopback only, because every request carries the token.
 * No message quotes the text: people paste tokens into the wrong setting.
 *
 * @throws ArgumentError where the text is no such URL
 */
export function parseEndpoint(text: string): string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new ArgumentError(`the endpoint is not a URL; give one such as ${DEFAULT_ENDPOINT}`, "endpoint");
  }
  if (url.username !== "" || url.password !== "") {
    throw new ArgumentError("the endpoint must not contain a user name or password; remove them", "endpoint");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new ArgumentError(
      `the endpoint must start with https://, for example ${DEFAULT_ENDPOINT}`,
      "endpoint",
    );
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw new ArgumentError(
      `the endpoint would send the token unencrypted to ${url.hostname}; use https:// (plain http is allowed to localhost, 127.0.0.0/8 and [::1] only)`,
      "endpoint",
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw new ArgumentError("the endpoint must end with its path; remove what follows ? or #", "endpoint");
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
