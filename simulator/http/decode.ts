import { Refusal } from "../rules/refusal";

/** A JSON object, or an empty one for an empty body. @throws Refusal on anything else. */
export function decodeBody(body: string): Record<string, unknown> {
  if (body.trim() === "") return {};
  const value = parse(body);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new Refusal("invalid", "The request body must be a JSON object");
}

/** A body as it stands in the request log: decoded where it is JSON. */
export function logBody(body: string): unknown {
  if (body === "") return undefined;
  return parse(body) ?? body;
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** `value` with the tokens, as they are and URL-encoded, replaced in every text of it. */
export function redact<T>(value: T, tokens: readonly string[]): T;
export function redact(value: unknown, tokens: readonly string[]): unknown {
  if (typeof value === "string") return tokens.reduce(withoutToken, value);
  if (Array.isArray(value)) return value.map((one) => redact(one, tokens));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [redact(name, tokens), redact(one, tokens)]),
  );
}

function withoutToken(text: string, token: string): string {
  if (token === "") return text;
  return text.replaceAll(token, "[token]").replaceAll(encodeURIComponent(token), "[token]");
}
