import type { SimulatorSettings } from "../settings/settings";
import { Refusal } from "./refusal";
import type { World } from "./world";

const forms: Record<SimulatorSettings["storedNames"], (name: string) => string> = {
  asSent: (name) => name,
  lowerCase: (name) => name.toLowerCase(),
  hyphens: (name) => name.replace(/[^\p{L}\p{N}]/gu, "-"),
  trimmed: (name) => name.trim(),
};

/** The name of a new snapshot as it is stored. @throws Refusal where it is refused. */
export function storedName(world: World, cloudId: string, sent: unknown): string {
  if (typeof sent !== "string" || sent.trim() === "") {
    throw new Refusal("invalid", "The name field is required");
  }
  const { duplicateNames, longNames, nameMaxLength, storedNames } = world.settings;
  if (sent.length > nameMaxLength && longNames === "refuse") {
    throw new Refusal("invalid", `The name may not be greater than ${nameMaxLength} characters`);
  }
  const name = forms[storedNames](sent).slice(0, nameMaxLength);
  const taken = world.state.livingSnapshots(cloudId).some((one) => one.name === name);
  if (taken && duplicateNames === "refuse") {
    throw new Refusal("conflict", "A snapshot with this name already exists on this server");
  }
  return name;
}
