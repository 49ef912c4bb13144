import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { satisfies } from "semver";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { Project } from "./project";
import { isReady } from "./shared";

interface Ended {
  code: number | null;
  output: string;
}

/** What cron gives a job, and what it hands to its mail. */
function asCron(command: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(command, { shell: "/bin/sh", cwd: "/", env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  return new Promise((done) => child.on("close", (code) => done({ code, output })));
}

describe.skipIf(!isReady())("pulumi-utho init nightly, from the packed package", () => {
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

  it("writes a project that cron runs: quiet on a good night, and loud about a loss", async () => {
    project.write({
      "package.json": { name: "p", private: true, dependencies: { ...project.pulumi, ...project.ours } },
    });
    await project.npm();
    const { cloud } = simulator;
    const home = { HOME: project.folder, PULUMI_HOME: join(project.folder, "home") };
    const path = `${process.env.PULUMI_UTHO_TEST_ENGINE}:${process.env.PATH}`;
    const account = { UTHO_TOKEN: simulator.token, UTHO_ENDPOINT: simulator.url };
    const npm = {
      npm_config_cache: process.env.npm_config_cache ?? join(process.env.HOME ?? "", ".npm"),
      npm_config_prefer_offline: "true",
    };
    const init = await asCron(
      `cd ${project.folder} && npx --no pulumi-utho init nightly backups --server web-1 --at 03:30 --yes`,
      { ...home, ...account, ...npm, PATH: path },
    );
    expect(init.code, init.output).toBe(0);
    expect(init.output).toContain("takes 1, deletes nothing");
    const [line = ""] = init.output.split("\n").filter((text) => text.startsWith("30 3 * * *"));
    const job = line.replace(/^30 3 \* \* \* {2}/, "");
    expect(cloud.snapshots()).toEqual([]);

    const bare = { ...home, PATH: "/usr/bin:/bin" };
    expect(await asCron(job, bare)).toEqual({ code: 0, output: "" });
    expect(cloud.snapshots()).toMatchObject([{ cloudId: "1001", status: "Active" }]);
    expect(await asCron(job, bare)).toEqual({ code: 0, output: "" });
    expect(cloud.snapshots()).toHaveLength(1);

    cloud.deleteSnapshot(cloud.snapshots()[0]?.id ?? "");
    const night = await asCron(job, bare);
    expect(night.code, night.output).toBe(1);
    expect(night.output).toContain("was deleted outside");
    const files = await project.command("sh", [
      "-c",
      `grep -rl ${simulator.token} backups --exclude-dir=node_modules || true`,
    ]);
    expect(files).toBe("");
  }, 600_000);
});

describe.skipIf(!isReady())("an example, copied out of the installed package", () => {
  it.each(["nightly-backups", "clone-for-testing"])(
    "%s is installed and previewed by what it declares itself",
    async (name) => {
      const simulator = await startSimulator({ snapshots: [{ cloudId: "1001", name: "nightly" }] });
      const project = new Project();
      try {
        project.write({
          "package.json": { name: "p", private: true, dependencies: { ...project.pulumi, ...project.ours } },
        });
        await project.npm();
        await project.command("cp", ["-r", `node_modules/pulumi-utho/examples/${name}`, "own"]);
        const manifest: { dependencies: Record<string, string> } = JSON.parse(
          readFileSync(join(project.folder, "own/package.json"), "utf8"),
        );
        const { version }: { version: string } = JSON.parse(
          readFileSync(resolve(__dirname, "../../package.json"), "utf8"),
        );
        expect(satisfies(version, manifest.dependencies["pulumi-utho"] ?? "")).toBe(true);
        // The registry does not have it yet.
        await project.command(
          "npm",
          ["install", "--no-audit", "--no-fund", "--prefer-offline", project.made.tarball],
          "own",
        );
        await project.command("rm", ["-rf", "node_modules"]);
        const config = { "tests:cloudId": "1001", "tests:planId": "10045", "tests:run": "1" };
        await project.declare(simulator, "own", config);
        const preview = await project.run("own", "preview");
        expect(preview.code, preview.output).toBe(0);
        expect(preview.output).toMatch(/to create/);
      } finally {
        project.dispose();
        await simulator.close();
      }
    },
  );
});
