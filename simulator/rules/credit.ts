import { Refusal } from "./refusal";
import type { World } from "./world";

/** Refuses what costs money where the account has too little credit. */
export function requireCredit({ settings }: World): void {
  if (settings.availableCredit < settings.leastCredit) {
    throw new Refusal("invalid", settings.lowCreditWording);
  }
}
