import { SimulatorError } from "../error";
import { type Handler, type HttpRequest, type HttpRoute, sendJson } from "../http/server";
import { type ControlCall, type ControlParts, controlCalls } from "./calls";
import { controlRefusal } from "./guard";

/** The control API. */
export function controlRoutes(parts: ControlParts): HttpRoute[] {
  const index = controlCalls.map((one) => ({ call: `${one.method} /_simulator${one.path}`, does: one.does }));
  const calls: ControlCall[] = [
    ...controlCalls,
    { method: "GET", path: "", does: "this list", run: () => ({ calls: index }) },
  ];
  return calls.map((call) => ({
    method: call.method,
    path: `/_simulator${call.path}`,
    handle: handlerOf(call, parts),
  }));
}

function handlerOf(call: ControlCall, parts: ControlParts): Handler {
  return (request, response) => {
    const refusal = controlRefusal(request);
    if (refusal !== undefined)
      return sendJson(response, 403, { code: "SIMULATOR_FORBIDDEN", message: refusal });
    try {
      const result = call.run(parts, { id: request.params.id ?? "", body: bodyOf(request) });
      sendJson(response, 200, result ?? { ok: true });
    } catch (error) {
      if (!(error instanceof SimulatorError)) throw error;
      const status = error.code === "SIMULATOR_UNKNOWN_ID" ? 404 : 400;
      sendJson(response, status, { code: error.code, message: error.message });
    }
  };
}

function bodyOf(request: HttpRequest): unknown {
  if (request.body.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(request.body);
    return value;
  } catch (cause) {
    throw new SimulatorError("SIMULATOR_BAD_ARGUMENT", "The body is not JSON.", { cause });
  }
}
