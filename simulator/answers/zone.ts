import type { World } from "../rules/world";

/** Where a data centre is. */
export function dataCentre(world: World, slug: string): Record<string, string> {
  const zone = world.settings.zones.find((one) => one.slug === slug);
  return {
    location: zone?.city ?? "",
    country: zone?.country ?? "",
    dc: slug,
    dccc: zone?.countryCode ?? "",
  };
}
