import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Project } from "./project";
import { isReady } from "./shared";

/** What the package may add to an app that has `@pulumi/pulumi`. */
const MOST = { packages: 20, bytes: 8_000_000 };

describe.skipIf(!isReady())("what the packed package adds to an app", () => {
  let project: Project;

  beforeEach(() => {
    project = new Project();
  });
  afterEach(() => project.dispose());

  function weigh(): { packages: number; bytes: number } {
    const lock: { packages: Record<string, object> } = JSON.parse(
      readFileSync(join(project.folder, "package-lock.json"), "utf8"),
    );
    const root = join(project.folder, "node_modules");
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
    return { packages: Object.keys(lock.packages).length, bytes };
  }

  it("is little, fits the oldest Node.js, and runs nothing at installation", async () => {
    const manifest = (dependencies: object) => ({ name: "app", private: true, dependencies });
    project.write({ "package.json": manifest(project.pulumi) });
    await project.npm("--engine-strict");
    const before = weigh();
    project.write({ "package.json": manifest({ ...project.pulumi, ...project.ours }) });
    const said = await project.npm("--engine-strict", "--foreground-scripts", "--loglevel=warn");
    const after = weigh();
    const added = { packages: after.packages - before.packages, bytes: after.bytes - before.bytes };
    console.log(`added to an app: ${added.packages} packages, ${(added.bytes / 1e6).toFixed(1)} MB`);
    expect(added.packages).toBeLessThanOrEqual(MOST.packages);
    expect(added.bytes).toBeLessThanOrEqual(MOST.bytes);
    expect(said).not.toContain("pulumi-utho@");
    const installed: { scripts?: Record<string, string> } = JSON.parse(
      readFileSync(join(project.folder, "node_modules/pulumi-utho/package.json"), "utf8"),
    );
    // Of a packed file npm names `prepare` too among the scripts that want an approval.
    const { preinstall, install, postinstall, prepare } = installed.scripts ?? {};
    expect({ preinstall, install, postinstall, prepare }).toEqual({});
  });
});
