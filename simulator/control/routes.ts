import type { FastifyInstance, FastifyRequest } from "fastify";
import { SimulatorError } from "../error";
import { namedParts } from "../http/decode";
import { type ControlCall, type ControlParts, controlCalls } from "./calls";
import { controlRefusal } from "./guard";

/** Adds the control API to the server. */
export function controlRoutes(app: FastifyInstance, parts: ControlParts): void {
  const index = controlCalls.map((one) => ({ call: `${one.method} /_simulator${one.path}`, does: one.does }));
  const calls: ControlCall[] = [
    ...controlCalls,
    { method: "GET", path: "", does: "this list", run: () => ({ calls: index }) },
  ];
  for (const call of calls) {
    app.route({
      method: call.method,
      url: `/_simulator${call.path}`,
      handler: async (request, reply) => {
        const refusal = controlRefusal(request);
        if (refusal !== undefined)
          return reply.code(403).send({ code: "SIMULATOR_FORBIDDEN", message: refusal });
        try {
          const result = call.run(parts, { id: namedParts(request.params).id ?? "", body: bodyOf(request) });
          return reply.send(result ?? { ok: true });
        } catch (error) {
          if (!(error instanceof SimulatorError)) throw error;
          const code = error.code === "SIMULATOR_UNKNOWN_ID" ? 404 : 400;
          return reply.code(code).send({ code: error.code, message: error.message });
        }
      },
    });
  }
}

function bodyOf(request: FastifyRequest): unknown {
  if (typeof request.body !== "string" || request.body.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(request.body);
    return value;
  } catch (cause) {
    throw new SimulatorError("SIMULATOR_BAD_ARGUMENT", "The body is not JSON.", { cause });
  }
}
