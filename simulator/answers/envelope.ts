import type { Refusal, RefusalKind } from "../rules/refusal";
import type { Page } from "../rules/visibility";
import type { World } from "../rules/world";
import type { PlainAnswer } from "../settings/settings";
import type { Answer } from "./answer";

/** A success with a body of its own. */
export function success(world: World, meaning: string, body: Record<string, unknown>): Answer {
  const status = world.settings.statusField === "present" ? { status: "success" } : {};
  return { status: 200, body: { ...body, ...status }, meaning };
}

/** A success that says nothing more than a message. */
export function plainSuccess(
  world: World,
  meaning: string,
  message: string,
  form: PlainAnswer = "object",
): Answer {
  if (form === "object") return success(world, meaning, { message });
  return { status: 200, body: form === "null" ? null : undefined, meaning };
}

/** The `meta` of a listing with pages. */
export function pageMeta(world: World, page: Page<unknown>): { meta: Record<string, number> } {
  const { metaTotal } = world.settings;
  const pages = { totalpages: page.totalPages, currentpage: page.currentPage };
  if (metaTotal === "missing") return { meta: { currentpage: page.currentPage } };
  if (metaTotal === "rowsOfPage") return { meta: { ...pages, total: page.rows.length, totalpages: 1 } };
  return { meta: { total: page.total, ...pages } };
}

const httpStatuses: Record<RefusalKind, number> = {
  unauthorized: 401,
  notFound: 404,
  busy: 409,
  conflict: 409,
  invalid: 422,
  forbidden: 403,
  tooMany: 429,
};

/** A refusal in the style that the settings ask for. */
export function refused(world: World, refusal: Refusal): Answer {
  const { errorStyle } = world.settings;
  const forced = forcedStatus(world, refusal.kind);
  const status = forced ?? (errorStyle === "status200" ? 200 : httpStatuses[refusal.kind]);
  const body =
    errorStyle === "http4xx-errors-list"
      ? errorsList(refusal.message, refusal.kind)
      : {
          status: "error",
          message: refusal.message,
          ...(refusal.errorCode === undefined ? {} : { errorcode: refusal.errorCode }),
        };
  return {
    status,
    body,
    meaning: `refused: ${refusal.message}`,
    ...(refusal.retryAfter === undefined ? {} : { headers: { "retry-after": String(refusal.retryAfter) } }),
  };
}

function errorsList(message: string, code: string): Record<string, unknown> {
  return { errors: [{ message, long_message: `${message}.`, code }] };
}

/** Statuses that do not follow `errorStyle`. */
function forcedStatus(world: World, kind: RefusalKind): number | undefined {
  const { busyStyle, readOnlyStyle, refusedTokenStyle } = world.settings;
  if (kind === "tooMany") return 429;
  if (kind === "unauthorized" && refusedTokenStyle === "http401") return 401;
  if (kind === "forbidden" && readOnlyStyle !== "errorStyle") {
    return { http401: 401, http403: 403 }[readOnlyStyle];
  }
  if (kind === "busy" && busyStyle !== "errorStyle")
    return { http409: 409, http423: 423, http429: 429 }[busyStyle];
  return undefined;
}

/** The API has no such call. */
export function noSuchCall(world: World, method: string, form = world.settings.unknownRoute): Answer {
  const meaning = "no such call";
  if (form === "empty200") return { status: 200, body: undefined, meaning };
  if (form === "http401") {
    return { status: 401, body: { status: "error", message: `Not Found ${method}` }, meaning };
  }
  const message = "Not Found";
  const body =
    world.settings.errorStyle === "http4xx-errors-list"
      ? errorsList(message, "notFound")
      : { status: "error", message };
  return { status: 404, body, meaning };
}
