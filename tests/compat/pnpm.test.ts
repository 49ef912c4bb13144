import { describe, it } from "vitest";
import { liveThrough, titleOf } from "./journey";
import { COMBINATIONS } from "./matrix";
import { isReady } from "./shared";

const OURS = COMBINATIONS.filter(({ installer }) => installer === "pnpm");

describe.skipIf(!isReady())("installed by pnpm, whose packages see their own dependencies only", () => {
  for (const combination of OURS) it(titleOf(combination), () => liveThrough(combination));
});
