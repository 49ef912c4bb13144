import { actionRow } from "../answers/action";
import { success } from "../answers/envelope";
import { Refusal } from "../rules/refusal";
import { pathPart, type Route } from "./route";

export const actionRoutes: Route[] = [
  {
    operation: "action.list",
    method: "GET",
    path: "/actions",
    respond: (world) => {
      world.now();
      const shown = [...world.state.operations.values()].filter((one) => one.hidden !== true);
      const actions = shown.reverse().map((one) => actionRow(world, one));
      return success(world, `${actions.length} actions listed`, { actions });
    },
  },
  {
    operation: "action.read",
    method: "GET",
    path: "/actions/:actionid",
    respond: (world, request) => {
      world.now();
      const operation = world.state.operations.get(pathPart(request, "actionid"));
      if (operation === undefined) throw new Refusal("notFound", world.settings.notFoundWording);
      return success(world, `action ${operation.id} read`, { action: actionRow(world, operation) });
    },
  },
];
