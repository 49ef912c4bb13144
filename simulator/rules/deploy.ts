import { randomBytes } from "node:crypto";
import type { ServerRecord } from "../store/server";
import { type DeployOrder, type DiskSource, readDeployOrder } from "./deploy-request";
import type { World } from "./world";

/** Begins the deployment of one server for each hostname; returns them in that order. */
export function deployServers(world: World, body: Record<string, unknown>): ServerRecord[] {
  const now = world.now();
  const order = readDeployOrder(world, body);
  const servers = order.hostnames.map((hostname) => beginDeployment(world, order, hostname, now));
  world.state.settle(now);
  return servers;
}

function beginDeployment(world: World, order: DeployOrder, hostname: string, now: number): ServerRecord {
  const { settings, state } = world;
  const outcome = world.outcomes.take("deploy", undefined, settings.deployOutcome);
  const server = newServer(world, order, hostname, now);
  state.addServer(server);
  state.begin({
    kind: "deploy",
    cloudId: server.cloudId,
    startedAt: now,
    endsAt:
      outcome === "never"
        ? Number.POSITIVE_INFINITY
        : now + settings.deployDurationMs + settings.imagingDurationMs,
    outcome: outcome === "failed" ? "failure" : "success",
    holdsServer: true,
    stopsServer: false,
    effect: { do: "setPower", power: "Running" },
  });
  return server;
}

function newServer(world: World, order: DeployOrder, hostname: string, now: number): ServerRecord {
  const { plan, source, zone } = order;
  const { deployDurationMs, imagingDurationMs } = world.settings;
  const cloudId = world.state.newId("server");
  return {
    cloudId,
    hostname,
    zone: zone.slug,
    planId: plan.id,
    image: imageOf(source),
    diskGb: order.disk,
    cpu: plan.cpu,
    ramMb: plan.ramMb,
    monthlyCost: plan.monthlyCost,
    ip: addressOf(cloudId),
    rootPassword: passwordOf(world, order),
    createdAt: now,
    knownSince: now,
    contents: source.from === "snapshot" ? source.snapshot.contents : installedDisk(source.image, hostname),
    power: "Stopped",
    deployment: "underway",
    ...(imagingDurationMs === 0 ? {} : { imagedFrom: now + deployDurationMs }),
  };
}

function passwordOf(world: World, { rootPassword }: DeployOrder): string {
  const asSent = world.settings.deployPassword === "asSent" ? rootPassword : undefined;
  return asSent ?? `Sim-${randomBytes(12).toString("hex")}`;
}

function imageOf(source: DiskSource): string {
  return source.from === "snapshot" ? source.snapshot.image : source.image;
}

/** The disk of a server that nothing has been written to yet. */
export function installedDisk(image: string, hostname: string): string {
  return `${image} installed on ${hostname}`;
}

/** An address of 198.18.0.0/15, which is set aside for test benches and never routed. */
export function addressOf(cloudId: string): string {
  const number = /^\d{1,9}$/.test(cloudId) ? Number(cloudId) % 131_072 : 0;
  return `198.${18 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
}
