import type { Answer } from "../answers/answer";
import type { World } from "../rules/world";

/** Every call of the API that is imitated, by noun and verb; faults and the request log speak of them so. */
export const operationNames = [
  "server.list",
  "server.read",
  "server.deploy",
  "server.destroy",
  "server.poweron",
  "server.poweroff",
  "server.powercycle",
  "server.hardreboot",
  "snapshot.create",
  "snapshot.restore",
  "snapshot.delete",
  "snapshot.listByDeploy",
  "snapshot.list",
  "action.list",
  "action.read",
  "account.info",
  "zone.list",
  "plan.list",
  "image.list",
] as const;

/** One of {@link operationNames}. */
export type OperationName = (typeof operationNames)[number];

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
