import { success } from "../answers/envelope";
import { writeCount, writePrice, writeSize } from "../answers/format";
import { plansFor } from "../rules/deploy-request";
import { requireSnapshot } from "../rules/lookup";
import type { World } from "../rules/world";
import { pathPart, type Route } from "./route";

export const catalogueRoutes: Route[] = [
  {
    operation: "zone.list",
    method: "GET",
    path: "/dczones",
    respond: (world) => {
      const dczones = world.settings.zones.map((one) => ({
        slug: one.slug,
        city: one.city,
        country: one.country,
        dccc: one.countryCode,
        status: "active",
        ...(one.defaultCpu === undefined ? {} : { default_cpu: one.defaultCpu }),
      }));
      return success(world, `${dczones.length} data centres listed`, { dczones });
    },
  },
  {
    operation: "plan.list",
    method: "GET",
    path: "/plans",
    respond: (world) => {
      const plans = world.settings.plans.map((one) => planRow(world, one));
      return success(world, `${plans.length} plans listed`, { plans });
    },
  },
  {
    operation: "plan.listForSnapshot",
    method: "GET",
    path: "/cloud/plans/snapshot/:snapshotid",
    respond: (world, request) => {
      const snapshot = requireSnapshot(world, pathPart(request, "snapshotid"));
      const plans = plansFor(world, snapshot).map((one) => planRow(world, one));
      return success(world, `${plans.length} plans for snapshot ${snapshot.id} listed`, { plans });
    },
  },
  {
    operation: "image.list",
    method: "GET",
    path: "/cloud/images",
    respond: (world) => {
      const images = world.settings.images.map((one) => ({
        image: one.name,
        distribution: one.distribution,
        version: one.version,
      }));
      return success(world, `${images.length} images listed`, { images });
    },
  },
];

function planRow(world: World, plan: World["settings"]["plans"][number]): Record<string, unknown> {
  return {
    id: plan.id,
    cpu: writeCount(world, plan.cpu),
    ram: writeCount(world, plan.ramMb),
    disk: plan.diskGb === 0 ? "0" : writeSize(world, plan.diskGb),
    price: writePrice(world, plan.monthlyCost),
  };
}
