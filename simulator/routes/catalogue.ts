import { success } from "../answers/envelope";
import { writeCount, writePrice, writeSize } from "../answers/format";
import type { Route } from "./route";

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
      }));
      return success(world, `${dczones.length} data centres listed`, { dczones });
    },
  },
  {
    operation: "plan.list",
    method: "GET",
    path: "/plans",
    respond: (world) => {
      const plans = world.settings.plans.map((one) => ({
        id: one.id,
        cpu: writeCount(world, one.cpu),
        ram: writeCount(world, one.ramMb),
        disk: writeSize(world, one.diskGb),
        price: writePrice(world, one.monthlyCost),
      }));
      return success(world, `${plans.length} plans listed`, { plans });
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
