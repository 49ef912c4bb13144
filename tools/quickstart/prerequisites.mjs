import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that holds package.json. */
export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

const OLDEST_NODE = 20;
const BUILT = ["dist/sdk/index.js", "dist/provider/index.js", "dist/simulator/index.js"];

/** What the user must do before the quickstart can run; shown without a stack. */
export class Prerequisite extends Error {}

/** @throws {Prerequisite} */
export function checkPrerequisites() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < OLDEST_NODE) {
    throw new Prerequisite(
      `This is Node ${process.versions.node}; ${OLDEST_NODE} or newer is needed: https://nodejs.org`,
    );
  }
  for (const module of ["@pulumi/pulumi/package.json", "pulumi-utho/package.json", "typescript"]) {
    if (!resolves(module)) {
      throw new Prerequisite(`"${module.split("/package.json")[0]}" is not installed: run \`npm ci\` first.`);
    }
  }
}

function resolves(module) {
  try {
    createRequire(path.join(REPOSITORY, "package.json")).resolve(module);
    return true;
  } catch {
    return false;
  }
}

/** `npm ci` builds the package; after `npm ci --ignore-scripts` it is done here. */
export async function ensureBuilt(screen) {
  if (BUILT.every((file) => existsSync(path.join(REPOSITORY, file)))) return;
  screen.text("The package is not built yet; building it.");
  const compiler = createRequire(path.join(REPOSITORY, "package.json")).resolve("typescript/bin/tsc");
  const args = [compiler, "-p", "tsconfig.build.json"];
  const code = await new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: REPOSITORY, stdio: "inherit" });
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new Prerequisite("The package could not be built; see above.");
}
