import type { Answer } from "../answers/answer";
import type { OperationName } from "../operations";
import type { World } from "../rules/world";

/** A request as a route sees it: decoded, and known to carry the right token. */
export interface ApiRequest {
  /** The named parts of the path. */
  params: Record<string, string>;
  query: Record<string, unknown>;
  body: Record<string, unknown>;
}

/** Maps one call of the API to a rule and the rule's result to an answer; decides nothing. */
export interface Route {
  operation: OperationName;
  method: "GET" | "POST" | "DELETE";
  /** Below `/v2`. */
  path: string;
  /** @throws Refusal */
  respond(world: World, request: ApiRequest): Answer;
}

/** A named part of the path. */
export function pathPart(request: ApiRequest, name: string): string {
  return request.params[name] ?? "";
}
