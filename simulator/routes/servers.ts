import type { Answer } from "../answers/answer";
import { pageMeta, plainSuccess, success } from "../answers/envelope";
import { writeId } from "../answers/format";
import { serverRow } from "../answers/server";
import { deployServers } from "../rules/deploy";
import { destroyServer } from "../rules/destroy";
import { requireServer } from "../rules/lookup";
import { changePower } from "../rules/power";
import { serverPage } from "../rules/visibility";
import type { World } from "../rules/world";
import { type PowerAction, powerActions } from "../store/operation";
import { type ApiRequest, pathPart, type Route } from "./route";

export const serverRoutes: Route[] = [
  { operation: "server.list", method: "GET", path: "/cloud", respond: list },
  { operation: "server.deploy", method: "POST", path: "/cloud/deploy", respond: deploy },
  {
    operation: "server.read",
    method: "GET",
    path: "/cloud/:cloudid",
    respond: (world, request) => readServer(world, pathPart(request, "cloudid")),
  },
  { operation: "server.destroy", method: "DELETE", path: "/cloud/:cloudid/destroy", respond: destroy },
  ...powerActions.map(powerRoute),
];

function list(world: World, request: ApiRequest): Answer {
  const page = serverPage(world, request.query);
  const { serverListHasSnapshots } = world.settings;
  return success(world, `page ${page.currentPage} of ${page.totalPages} of the servers`, {
    cloud: page.rows.map((one) => serverRow(world, one, serverListHasSnapshots)),
    ...pageMeta(world, page),
    message: "success",
  });
}

/** The answer about one server; "unknown" has a form of its own. */
export function readServer(world: World, cloudId: string): Answer {
  world.now();
  const known = world.state.servers.has(cloudId);
  if (!known && world.settings.unknownServer === "emptyList") {
    return success(world, `no server ${cloudId}`, { cloud: [], meta: onePage(0), message: "success" });
  }
  const server = requireServer(world, cloudId);
  return success(world, `server ${cloudId} "${server.hostname}" read`, {
    cloud: [serverRow(world, server, true)],
    meta: onePage(1),
    message: "success",
  });
}

function onePage(total: number): Record<string, number> {
  return { total, totalpages: 1, currentpage: 1 };
}

function deploy(world: World, request: ApiRequest): Answer {
  const servers = deployServers(world, request.body);
  const [first] = servers;
  if (first === undefined) throw new Error("A checked deploy request has at least one hostname.");
  const meaning = servers.map((one) => `server ${one.cloudId} "${one.hostname}"`).join(", ");
  return success(world, `deployment of ${meaning} begun`, {
    cloudid: writeId(world, first.cloudId, "server"),
    password: first.rootPassword,
    ipv4: first.ip,
    message: "Cloud deployment has been started",
  });
}

function destroy(world: World, request: ApiRequest): Answer {
  const server = destroyServer(world, pathPart(request, "cloudid"), request.body);
  return plainSuccess(
    world,
    `server ${server.cloudId} "${server.hostname}" destroyed`,
    "Cloud has been destroyed",
  );
}

function powerRoute(action: PowerAction): Route {
  return {
    operation: `server.${action}`,
    method: "POST",
    path: `/cloud/:cloudid/${action}`,
    respond: (world, request) => {
      const server = changePower(world, pathPart(request, "cloudid"), action);
      const meaning = `${action} of server ${server.cloudId} "${server.hostname}" begun`;
      return plainSuccess(world, meaning, `${action} has been started`, world.settings.powerAnswer);
    },
  };
}
