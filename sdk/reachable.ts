import { realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ProviderFailure } from "../provider/failure";

/** As Pulumi's script leaves it for the program, and where its plugin starts; a program may move on later. */
const startedIn = process.cwd();

let checked = false;

/**
 * Pulumi's plugin fetches the provider by `require("pulumi-utho/provider")` from the program's folder, wherever this
 * code comes from: a library that brings its own copy, or a bundle. Where that leads nowhere the plugin says "Cannot
 * find module", three times over, and nothing of what to do. Asked once, at the first declaration. Under a test, and
 * for an inline program, something else than Pulumi's own script runs, and nothing is asked.
 *
 * Errors: `UTHO_PACKAGE_NOT_FOUND`.
 */
export function requireReachableProvider(name: string): void {
  if (checked) return;
  const [, script = ""] = process.argv;
  if (isRunner(script) && !isReachable(startedIn)) {
    throw new ProviderFailure({
      code: "UTHO_PACKAGE_NOT_FOUND",
      attempted: `declare the resource "${name}"`,
      because: `Pulumi runs the provider from the program's folder, and the package pulumi-utho cannot be found from ${startedIn}. A library that depends on it, or a bundle that holds it, is not enough.`,
      kept: "nothing was touched.",
      next: `add pulumi-utho to the dependencies in the package.json of ${startedIn}, in the version that the library or the bundle was made with, and install; docs/installing.md has a recipe for monorepos and bundles.`,
    });
  }
  checked = true;
}

/** Whether this is the script of Pulumi that runs programs. */
export function isRunner(script: string): boolean {
  return /[\\/]@pulumi[\\/]pulumi[\\/]cmd[\\/]run([\\/]|$)/.test(script);
}

/** Whether the plugin, which starts in `folder`, will find the provider. */
export function isReachable(folder: string): boolean {
  try {
    // Not by our own `require`: a package always finds itself.
    createRequire(join(realpathSync(folder), "program.js")).resolve("pulumi-utho/provider");
    return true;
  } catch (error) {
    // Anything else is no proof, and an alarm must never be false.
    return !(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND");
  }
}
