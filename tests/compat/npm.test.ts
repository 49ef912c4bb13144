import { describe, it } from "vitest";
import { liveThrough, titleOf } from "./journey";
import { COMBINATIONS } from "./matrix";
import { isReady } from "./shared";

const OURS = COMBINATIONS.filter(({ installer, program }) => installer === "npm" && program !== "typescript");

describe.skipIf(!isReady())("installed by npm", () => {
  for (const combination of OURS) it(titleOf(combination), () => liveThrough(combination));
});
