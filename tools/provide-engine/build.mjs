import { chmod, copyFile, mkdir, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { BINARIES, findOnPath } from "./binaries.mjs";
import { run } from "./command.mjs";
import { SourceFailure } from "./failure.mjs";
import { ENGINE_VERSION } from "./settings.mjs";
import { compareVersions, parseVersion } from "./version.mjs";

const MODULES = fileURLToPath(new URL("../pulumi-cli/", import.meta.url));

/**
 * Two modules, since they need different versions of `github.com/pulumi/pulumi/sdk/v3`: 3.68.0 is the last release of
 * it that still holds the Node.js language host, whose own newer module cannot be had from a Go module proxy.
 */
const TARGETS = [
  {
    title: "the Pulumi CLI",
    folder: path.join(MODULES, "cli"),
    package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    versionVariable: `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${ENGINE_VERSION}`,
    binary: BINARIES.pulumi,
  },
  {
    title: "its Node.js language host",
    folder: path.join(MODULES, "language-nodejs"),
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    versionVariable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v3.68.0",
    binary: BINARIES.host,
  },
];

/** Measured: 4 minutes and a half for both on two cores; linking does not gain from more. */
const CORE_MINUTES = 9;
const LEAST_MINUTES = 2;

/** The Go that the modules ask for. */
export async function requiredGo() {
  const text = await readFile(path.join(MODULES, "cli", "go.mod"), "utf8");
  return /^go (\S+)$/m.exec(text)?.[1] ?? "";
}

/**
 * Builds the engine from Go modules into `scratch` and returns the folder with the binaries.
 * @param {{env: NodeJS.ProcessEnv}} settings
 * @param {string} scratch an empty folder
 */
export async function build(settings, scratch, { reporter, signal }) {
  const go = await findGo(settings.env);
  const bin = path.join(scratch, "bin");
  await mkdir(bin);
  const cores = os.availableParallelism();
  const minutes = Math.max(LEAST_MINUTES, Math.round(CORE_MINUTES / cores));
  reporter.line(
    `Building the Pulumi CLI from Go modules: about ${minutes} minutes on ${cores} cores, once per machine`,
  );
  for (const target of TARGETS) {
    await compile(go, target, path.join(bin, target.binary), { reporter, signal });
  }
  // What starts dynamic providers.
  await copyScript(go, TARGETS[0], path.join("nodejs", "dist", BINARIES.launcher), bin, signal);
  return bin;
}

export async function findGo(env) {
  const required = await requiredGo();
  const file = findOnPath(process.platform === "win32" ? "go.exe" : "go", env);
  if (file === undefined) {
    throw new SourceFailure(`no Go on PATH; ${required} or newer is needed`);
  }
  // A go.work somewhere above must not take part. cgo would ask for a C compiler; official releases do without.
  const go = { file, env: { ...env, GOWORK: "off", CGO_ENABLED: "0" } };
  // Go 1.21 and newer fetch the version that go.mod asks for, and say here when they cannot.
  const answer = await run(file, ["env", "GOVERSION"], { cwd: TARGETS[0].folder, env: go.env });
  if (answer.problem !== undefined) {
    throw new SourceFailure(`${file} cannot provide Go ${required}: ${ending(answer)}`);
  }
  const version = parseVersion(answer.stdout);
  if (version === undefined || compareVersions(version, parseVersion(required)) < 0) {
    throw new SourceFailure(`${file} is ${answer.stdout.trim()}; Go ${required} or newer is needed`);
  }
  return go;
}

export async function compile(go, target, output, { reporter, signal }) {
  const total = await reporter.during(`fetching the modules of ${target.title}`, (note) =>
    countPackages(go, target, { note, signal }),
  );
  await reporter.during(`building ${target.title}`, async (note) => {
    let compiled = 0;
    const onLine = (line) => {
      // With -v the compiler names each package that it had to compile.
      if (line !== "" && !line.startsWith("go: ")) {
        compiled += 1;
        note(`${compiled} of at most ${total} packages compiled`);
      }
    };
    const flags = ["-trimpath", "-ldflags", `-s -w -X ${target.versionVariable}`];
    const args = ["build", "-mod=readonly", "-v", ...flags, "-o", output, target.package];
    demand(await run(go.file, args, { cwd: target.folder, env: go.env, onLine, signal }), target);
  });
}

async function countPackages(go, target, { note, signal }) {
  let fetched = 0;
  const onLine = (line) => {
    if (line.startsWith("go: downloading ")) {
      fetched += 1;
      note(`${fetched} fetched`);
    }
  };
  const args = ["list", "-mod=readonly", "-deps", target.package];
  const listed = await run(go.file, args, { cwd: target.folder, env: go.env, onLine, signal });
  demand(listed, target);
  return listed.stdout.trim().split("\n").length;
}

/** Puts a script that Pulumi's SDK ships beside the binaries of a target. */
export async function copyScript(go, target, script, bin, signal) {
  const args = ["list", "-mod=readonly", "-m", "-f", "{{.Dir}}", "github.com/pulumi/pulumi/sdk/v3"];
  const listed = await run(go.file, args, { cwd: target.folder, env: go.env, signal });
  demand(listed, target);
  const copy = path.join(bin, path.basename(script));
  try {
    await copyFile(path.join(listed.stdout.trim(), script), copy);
    // The module cache is read-only and knows no executable files.
    await chmod(copy, 0o755);
  } catch (error) {
    throw new SourceFailure(`${path.basename(script)} is missing: ${error.message}`, { cause: error });
  }
}

function demand(answer, target) {
  if (answer.problem !== undefined) {
    throw new SourceFailure(`${target.title} could not be built: ${ending(answer)}`);
  }
}

/** Of a verbose build, the lines that only name what is being fetched or compiled. */
const PROGRESS_LINE = /^go: downloading |^[\w.@~-]+(\/[\w.@~-]+)*$/;

/** The end of what Go said, which names the cause. */
function ending(answer) {
  const lines = answer.stderr
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "" && !PROGRESS_LINE.test(line));
  const said = lines.slice(-3).join("\n");
  return said === "" ? answer.problem : `${answer.problem}\n${said}`;
}
