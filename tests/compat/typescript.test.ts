import { describe, expect, it } from "vitest";
import type { Consumer } from "./consumer";
import { liveThrough, titleOf } from "./journey";
import { COMBINATIONS } from "./matrix";
import { isReady } from "./shared";

/** Every entry point, and the types that a program names. */
const ALL_ENTRIES = `
import * as utho from "pulumi-utho";
import { snapshot } from "pulumi-utho/provider";
import { UthoClient, type Server } from "pulumi-utho/client";
import { startSimulator, type Simulator } from "pulumi-utho/simulator";
export const args: utho.SnapshotArgs = { cloudId: "1001" };
export const info: Promise<utho.SnapshotInfo> = utho.getSnapshot({ mostRecent: true });
export const servers: Promise<Server[]> = new UthoClient({ token: "t" }).servers.list();
export const simulator: Promise<Simulator> = startSimulator();
export const provider = snapshot;
`;

/** The ways in which TypeScript finds a package; the oldest knows nothing of `exports`, but of `typesVersions`. */
const RESOLUTIONS = [
  { module: "commonjs", moduleResolution: "node10" },
  { module: "nodenext", moduleResolution: "nodenext" },
  { module: "esnext", moduleResolution: "bundler" },
] as const;

/** Also checks our declarations themselves: `skipLibCheck` is off, as in a new Pulumi project. */
async function compileEachWay(consumer: Consumer): Promise<void> {
  for (const { module, moduleResolution } of RESOLUTIONS) {
    const name = `types-${moduleResolution}`;
    consumer.writeText(`${name}.ts`, ALL_ENTRIES);
    const compilerOptions = { strict: true, noEmit: true, target: "es2022", module, moduleResolution };
    consumer.write(`${name}.json`, { compilerOptions, files: [`${name}.ts`] });
    await expect(consumer.tool("tsc", "--project", `${name}.json`)).resolves.toBe("");
  }
}

describe.skipIf(!isReady())("a TypeScript program", () => {
  for (const combination of COMBINATIONS.filter(({ program }) => program === "typescript")) {
    it(titleOf(combination), () => liveThrough(combination, compileEachWay));
  }
});
