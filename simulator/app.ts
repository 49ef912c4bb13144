import Fastify, { type FastifyInstance } from "fastify";
import { controlRoutes } from "./control/routes";
import { Exchange, type ExchangeParts } from "./http/exchange";
import { routes } from "./routes/index";

/** The imitated API below `/v2` and the control API below `/_simulator`, not yet listening. */
export function buildApp(
  parts: ExchangeParts,
  control: Parameters<typeof controlRoutes>[1],
): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    routerOptions: { ignoreTrailingSlash: true },
    exposeHeadRoutes: false,
  });
  // Bodies are read as text whatever they claim to be, so that bad JSON is answered in the API's own words.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  for (const route of routes) {
    app.route({
      method: route.method,
      url: `/v2${route.path}`,
      handler: (request, reply) => new Exchange(parts, route, request, reply).run(),
    });
  }
  controlRoutes(app, control);
  app.setNotFoundHandler((request, reply) => {
    if (request.url.startsWith("/v2")) return new Exchange(parts, undefined, request, reply).run();
    return reply
      .code(404)
      .send({ error: "Nothing here: the API is below /v2, the control below /_simulator" });
  });
  return app;
}
