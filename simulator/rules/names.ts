import type { SimulatorSettings } from "../settings/settings";
import { Refusal } from "./refusal";
import type { World } from "./world";

const hyphens = (name: string): string => name.replace(/[^\p{L}\p{N}]/gu, "-");

const forms: Record<SimulatorSettings["storedNames"], (name: string) => string> = {
  asSent: (name) => name,
  lowerCase: (name) => name.toLowerCase(),
  hyphens,
  slug: (name) => hyphens(name).toLowerCase(),
  trimmed: (name) => name.trim(),
};

/** The name of a new snapshot as it is stored. @throws Refusal where it is refused. */
export function storedName(world: World, cloudId: string, sent: unknown): string {
  if (typeof sent !== "string" || sent.trim() === "") {
    throw new Refusal("invalid", "The name field is required");
  }
  const { duplicateNames, nameMaxLength, storedNames } = world.settings;
  const fault = faultOf(world, sent);
  if (fault !== undefined) throw new Refusal("invalid", world.settings.nameRefusalWording ?? fault);
  const name = forms[storedNames](sent).slice(0, nameMaxLength);
  const taken = world.state.livingSnapshots(cloudId).some((one) => one.name === name);
  if (taken && duplicateNames === "refuse") {
    throw new Refusal("conflict", "A snapshot with this name already exists on this server");
  }
  return name;
}

function faultOf(world: World, name: string): string | undefined {
  const { allowedNameCharacters: allowed, longNames, nameMaxLength } = world.settings;
  if (name.length > nameMaxLength && longNames === "refuse") {
    return `The name may not be greater than ${nameMaxLength} characters`;
  }
  if (allowed === null || new RegExp(`^[${allowed}]+$`, "u").test(name)) return undefined;
  return "The name format is invalid";
}
