import type { Server } from "node:http";
import type { ControlParts } from "./control/calls";
import { controlRoutes } from "./control/routes";
import { Exchange, type ExchangeParts } from "./http/exchange";
import { createHttpServer, type HttpRoute, sendJson } from "./http/server";
import { routes } from "./routes/index";

/** The imitated API below `/v2` and the control API below `/_simulator`, not yet listening. */
export function buildApp(parts: ExchangeParts, control: ControlParts): Server {
  const api = routes.map(
    (route): HttpRoute => ({
      method: route.method,
      path: `/v2${route.path}`,
      handle: (request, response) => new Exchange(parts, route, request, response).run(),
    }),
  );
  return createHttpServer([...api, ...controlRoutes(control)], (request, response) => {
    if (request.path.startsWith("/v2")) return new Exchange(parts, undefined, request, response).run();
    sendJson(response, 404, {
      error: "Nothing here: the API is below /v2, the control below /_simulator",
    });
  });
}
