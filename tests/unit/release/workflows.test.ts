import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  copyRepository,
  edit,
  type Outcome,
  PACKED,
  REPOSITORY,
  release,
  run,
  versionOf,
  writeText,
} from "./copy";

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
}

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; steps: Step[] }>;
}

const WORKFLOWS = ".github/workflows";
const files = readdirSync(join(REPOSITORY, WORKFLOWS)).filter((file) => file.endsWith(".yml"));

function readWorkflow(file: string): Workflow {
  const workflow: Workflow = parse(readFileSync(join(REPOSITORY, WORKFLOWS, file), "utf8"));
  return workflow;
}

describe.each(files)("%s", (file) => {
  const { permissions, jobs } = readWorkflow(file);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it("may only read, but for the job that publishes", () => {
    expect(permissions).toEqual({ contents: "read" });
    const writing = Object.entries(jobs).filter(([, job]) => job.permissions !== undefined);
    expect(writing.map(([name]) => name).filter((name) => name !== "publish")).toEqual([]);
  });

  it("runs no code of the repository or its dependencies where it may publish", () => {
    const uses = jobs.publish?.steps.map((step) => step.uses ?? "") ?? [];
    expect(uses.filter((one) => one.startsWith("actions/checkout"))).toEqual([]);
  });

  it("takes actions of one owner only, each by its major version", () => {
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((uses) => !/^actions\/[\w-]+@v\d+$/.test(uses))).toEqual([]);
  });
});

/** What the continuous integration does anyway, or has tests of its own. */
const DONE_ELSEWHERE = [
  "npm ci --no-audit --no-fund",
  ".ci/run",
  "npm run docs",
  "npm run schema",
  "npm run build",
  "npm run archives -- released",
  "npm run sdks -- sdks",
];

describe("the steps of a release", () => {
  const { jobs } = readWorkflow("release.yml");
  const steps = Object.values(jobs).flatMap((job) => job.steps.filter((step) => step.run !== undefined));
  const own = steps.filter((step) => !DONE_ELSEWHERE.includes(step.run?.trim() ?? ""));
  const done = new Set<Step>();

  let place: string;
  let folder: string;
  let registry: Server;
  const requests: { line: string; authorization: string | undefined }[] = [];

  beforeAll(async () => {
    place = mkdtempSync(join(tmpdir(), "pulumi-utho-workflow-"));
    folder = join(place, "repository");
    copyRepository(folder, PACKED);
    mkdirSync(join(place, "home"));
    edit(
      folder,
      "CHANGELOG.md",
      () => "# Changelog\n\nAll.\n\n## 9.9.9 - Unreleased\n\n### Added\n\n- All.\n",
    );
    expect(await release(folder, "cut", "9.9.9")).toMatchObject({ code: 0 });
    registry = createServer((request, response) => {
      const { method, url, headers } = request;
      requests.push({ line: `${method} ${url}`, authorization: headers.authorization });
      request.resume();
      response.writeHead(method === "GET" ? 404 : 500, { "content-type": "application/json" }).end("{}");
    });
    await new Promise<void>((listening) => registry.listen(0, "127.0.0.1", listening));
  });

  afterAll(async () => {
    registry.closeAllConnections();
    await new Promise((closed) => registry.close(closed));
    rmSync(place, { recursive: true, force: true });
  });

  /** As the runner does: bash that ends at the first failure, with the step's own environment. */
  async function take(name: string, more: NodeJS.ProcessEnv = {}): Promise<Outcome> {
    const step = own.find((one) => one.name === name);
    if (step?.run === undefined) throw new Error(`There is no step "${name}".`);
    done.add(step);
    const script = join(place, "step.sh");
    writeText(script, step.run);
    const { port } = registry.address() as AddressInfo;
    const env = {
      HOME: join(place, "home"),
      GITHUB_REF_NAME: "v9.9.9",
      GITHUB_SERVER_URL: "https://forge.example",
      GITHUB_REPOSITORY: "someone/pulumi-utho",
      GITHUB_OUTPUT: join(place, "output"),
      npm_config_registry: `http://127.0.0.1:${port}/`,
      npm_config_fetch_retries: "0",
      ...more,
    };
    return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", script], { cwd: folder, env });
  }

  it("compare tag, package and changelog", async () => {
    const check = "Tag, package and changelog name one version";
    expect(await take(check)).toMatchObject({ code: 0 });
    expect(await take(check, { GITHUB_REF_NAME: "v9.9.8" })).not.toMatchObject({ code: 0 });
  });

  it("name the repository in what they pack", async () => {
    expect(await take("Name the repository")).toMatchObject({ code: 0 });
    expect(await take("Pack")).toMatchObject({ code: 0 });
    const tarball = join(folder, "packed/pulumi-utho-9.9.9.tgz");
    await run("tar", ["-xzf", tarball, "-C", place, "package/package.json"], { cwd: place });
    expect(versionOf(join(place, "package"))).toBe("9.9.9");
    expect(JSON.parse(readFileSync(join(place, "package/package.json"), "utf8"))).toMatchObject({
      repository: { type: "git", url: "git+https://forge.example/someone/pulumi-utho.git" },
      bugs: { url: "https://forge.example/someone/pulumi-utho/issues" },
      homepage: "https://forge.example/someone/pulumi-utho#readme",
    });
  });

  it("pack each SDK, and offer all that is packed beside the plugin's archives", async () => {
    for (const language of ["nodejs", "python", "go", "dotnet"]) {
      writeText(join(folder, `sdks/${language}/one`), language);
    }
    const plugin = "pulumi-resource-utho-v9.9.9-linux-amd64.tar.gz";
    writeText(join(folder, "released", plugin), "");
    expect(await take("Pack the SDKs")).toMatchObject({ code: 0 });
    const bin = join(place, "bin");
    writeText(join(bin, "gh"), '#!/bin/sh\nprintf "%s\\n" "$@"\n');
    chmodSync(join(bin, "gh"), 0o755);
    const env = { PATH: `${bin}:${process.env.PATH}`, DIST_TAG: "next" };
    const offered = await take("Offer the plugin and the SDKs", env);
    const [words, files] = [/^(?!\.\/)/, /^\.\/released\//].map((kind) =>
      offered.output
        .trim()
        .split("\n")
        .filter((line) => kind.test(line)),
    );
    expect(words?.slice(0, 5)).toEqual(["release", "create", "v9.9.9", "--repo", "someone/pulumi-utho"]);
    expect(words?.at(-1)).toBe("--prerelease");
    expect(files).toEqual(
      [plugin, ...["dotnet", "go", "nodejs", "python"].map((one) => `pulumi-utho-sdk-${one}.tar.gz`)].map(
        (one) => `./released/${one}`,
      ),
    );
  });

  it("choose the name under which npm offers it", async () => {
    expect(await take("Choose the name under which npm offers it")).toMatchObject({ code: 0 });
    expect(readFileSync(join(place, "output"), "utf8")).toBe("name=latest\n");
  });

  it("publish what was packed, publicly, with the token and with provenance", async () => {
    const secrets = { NPM_TOKEN: "secret-of-npm", DIST_TAG: "latest" };
    const rehearsal = await take("Publish", { ...secrets, npm_config_dry_run: "true" });
    expect(rehearsal).toMatchObject({ code: 0 });
    expect(rehearsal.output).toContain("with tag latest and public access (dry-run)");
    expect(rehearsal.output).toContain("+ pulumi-utho@9.9.9");
    // This machine cannot sign, so npm stops at the signature and sends nothing.
    const unsigned = await take("Publish", secrets);
    expect(unsigned.code).not.toBe(0);
    expect(unsigned.output).toMatch(/provenance/i);
    expect(requests.map(({ line }) => line).filter((line) => !line.startsWith("GET "))).toEqual([]);
    expect(requests.at(-1)?.authorization).toBe("Bearer secret-of-npm");
    expect(readFileSync(join(place, "home/.npmrc"), "utf8")).not.toContain("secret-of-npm");
  });

  it("are all of them", () => {
    expect(own.filter((step) => !done.has(step)).map(({ name }) => name)).toEqual([]);
    expect(steps.length - own.length).toBe(6);
  });
});
