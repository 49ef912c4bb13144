import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { ONE_SNAPSHOT, Project } from "./project";
import { isReady } from "./shared";

/** A component library that declares a snapshot, as another team would publish it. */
const LIBRARY = `
const pulumi = require("@pulumi/pulumi");
const utho = require("pulumi-utho");
exports.Backup = class extends pulumi.ComponentResource {
  constructor(name, opts) {
    super("acme:index:Backup", name, {}, opts);
    new utho.Snapshot(name, { cloudId: "1001" }, { parent: this });
  }
};
`;

const USES_LIBRARY = 'new (require("acme-backup").Backup)("web");\n';

/** The recipes of docs/installing.md, each in the smallest repository that has its layout. */
describe.skipIf(!isReady())("the package is found", () => {
  let simulator: Simulator;
  let project: Project;

  beforeEach(async () => {
    simulator = await startSimulator();
    project = new Project();
  });

  afterEach(async () => {
    project.dispose();
    await simulator.close();
  });

  async function expectOneSnapshot(at = "."): Promise<void> {
    const up = await project.up(at);
    expect(up.code, up.output).toBe(0);
    expect(simulator.cloud.snapshots()).toMatchObject([{ cloudId: "1001", status: "Active" }]);
  }

  async function expectAdvice(at: string): Promise<void> {
    const preview = await project.run(at, "preview");
    expect(preview.code).not.toBe(0);
    expect(preview.output).toContain("UTHO_PACKAGE_NOT_FOUND");
    expect(preview.output).toContain(`add pulumi-utho to the dependencies in the package.json of`);
    expect(preview.output).not.toContain("Cannot find module");
    expect(simulator.requests.count()).toBe(0);
  }

  it("with yarn classic, which refuses what does not fit the Node.js that it runs on", async () => {
    project.write({
      "package.json": { name: "p", private: true, dependencies: { ...project.pulumi, ...project.ours } },
      "index.js": ONE_SNAPSHOT,
    });
    await project.command("node", [project.made.yarn, "install", "--prefer-offline", "--non-interactive"]);
    await project.declare(simulator);
    await expectOneSnapshot();
  });

  it("in an npm workspace, by the program in one of its folders", async () => {
    project.write({
      "package.json": { name: "root", private: true, workspaces: ["infra", "libraries/*"] },
      "libraries/backup/package.json": {
        ...{ name: "acme-backup", version: "1.0.0", main: "index.js", dependencies: project.ours },
        peerDependencies: project.pulumi,
      },
      "libraries/backup/index.js": LIBRARY,
      "infra/package.json": {
        ...{ name: "infra", private: true },
        dependencies: { ...project.pulumi, "acme-backup": "1.0.0" },
      },
      "infra/index.js": USES_LIBRARY,
    });
    await project.npm();
    await project.declare(simulator, "infra");
    // npm puts it at the root of the workspace, above the program.
    await expectOneSnapshot("infra");
  });

  it("in a pnpm workspace, once the program itself depends on it", async () => {
    const program = (more: object) => ({
      ...{ name: "infra", private: true, main: "index.js" },
      dependencies: { ...project.pulumi, "acme-backup": "workspace:*", ...more },
    });
    const install = () =>
      project.command("node", [project.made.pnpm, "install", "--prefer-offline", "--no-frozen-lockfile"]);
    project.write({
      "package.json": { name: "root", private: true },
      "pnpm-workspace.yaml": "packages: [infra, library]\nengineStrict: true\n",
      "library/package.json": {
        ...{ name: "acme-backup", version: "1.0.0", main: "index.js" },
        dependencies: { ...project.pulumi, ...project.ours },
      },
      "library/index.js": LIBRARY,
      "infra/package.json": program({}),
      "infra/index.js": USES_LIBRARY,
    });
    await install();
    await project.declare(simulator, "infra");
    await expectAdvice("infra");
    project.write({ "infra/package.json": program(project.ours) });
    await install();
    await expectOneSnapshot("infra");
  });

  it("by a bundle, once it is installed beside it; and it has to stay until its resources are gone", async () => {
    project.write({
      "package.json": {
        ...{ name: "p", private: true, main: "bundle.js" },
        dependencies: { ...project.pulumi, ...project.ours },
        devDependencies: { esbuild: "^0.28.0" },
      },
      "program.js": ONE_SNAPSHOT,
    });
    await project.npm("--engine-strict");
    const bundle = (...more: string[]) =>
      project.command(join(project.folder, "node_modules/.bin/esbuild"), [
        ...["program.js", "--bundle", "--platform=node", "--outfile=bundle.js"],
        ...["--external:@pulumi/pulumi", ...more],
      ]);
    const remove = () =>
      rmSync(join(project.folder, "node_modules/pulumi-utho"), { recursive: true, force: true });
    await project.declare(simulator);
    await bundle();
    remove();
    await expectAdvice(".");
    await project.npm();
    await expectOneSnapshot();
    // The documented way: the package stays external.
    await bundle("--external:pulumi-utho");
    const again = await project.run(".", "up", "--yes", "--skip-preview", "--expect-no-changes");
    expect(again.code, again.output).toBe(0);

    // Resource and package go together: only the package can delete what is in state.
    project.write({ "bundle.js": "" });
    remove();
    const stuck = await project.up();
    expect(stuck.code).not.toBe(0);
    expect(stuck.output).toContain("Cannot find module 'pulumi-utho/provider'");
    expect(simulator.cloud.snapshots()).toHaveLength(1);
    await project.npm();
    const gone = await project.up();
    expect(gone.code, gone.output).toBe(0);
    expect(simulator.cloud.snapshots()).toEqual([]);
  });
});
