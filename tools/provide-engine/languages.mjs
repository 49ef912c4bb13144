import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findOnPath } from "./binaries.mjs";
import { compile, copyScript, findGo } from "./build.mjs";
import { run } from "./command.mjs";
import { SourceFailure } from "./failure.mjs";
import { interruptible } from "./interrupt.mjs";
import { takeLock } from "./lock.mjs";
import { createReporter } from "./reporter.mjs";
import { makeScratch, putInPlace, removeLeftovers } from "./scratch.mjs";
import { ENGINE_VERSION, readSettings } from "./settings.mjs";

const TOOLS = fileURLToPath(new URL("../", import.meta.url));
const SDK = "github.com/pulumi/pulumi/sdk/v3";
const versionVariable = `${SDK}/go/common/version.Version=v3.68.0`;

/**
 * What programs in other languages than TypeScript need beside the engine, by its name; built for the tests and for a
 * release alone. The YAML host does not compile beside the CLI's release of Pulumi, and that has lost the generator of
 * .NET, so these two have an older one. The Go host's own newer modules cannot be had from a Go module proxy.
 */
const PARTS = {
  yaml: host("YAML", "sdks/dotnet", "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml"),
  python: {
    ...host("Python", "pulumi-cli/language-nodejs", `${SDK}/python/cmd/pulumi-language-python`),
    script: "python/cmd/pulumi-language-python-exec",
  },
  go: host("Go", "pulumi-cli/language-go", `${SDK}/go/pulumi-language-go`),
  sdks: generator("sdks"),
  dotnet: generator("sdks/dotnet"),
};

function host(language, folder, module) {
  return { title: `the ${language} language host`, folder: path.join(TOOLS, folder), package: module };
}

function generator(folder) {
  const module = `pulumi-utho.invalid/tools/${folder}`;
  return {
    title: "a generator of SDKs",
    folder: path.join(TOOLS, folder),
    package: module,
    binary: path.basename(folder),
    sources: ["main.go"],
  };
}

/** Pulumi's own Python SDK, with what it takes to install and use a generated one, in a folder for PYTHONPATH. */
const PYTHON_SDK = [`pulumi==${ENGINE_VERSION}`, "parver==0.5", "setuptools==80.9.0"];

/**
 * Builds what is missing of these parts, and returns the folder of each; a language host is called as the engine looks
 * for it on PATH.
 * @param {readonly string[]} names of PARTS, or "pulumi-python" for Pulumi's Python SDK
 * @returns {Promise<Record<string, string>>}
 */
export async function provideLanguages(names, options = {}) {
  const settings = readSettings(options.env ?? process.env);
  const reporter = createReporter({ log: () => undefined, ...options });
  const places = await Promise.all(names.map(async (name) => [name, await placeOf(settings, name)]));
  if (places.every(([, place]) => existsSync(place))) return Object.fromEntries(places);
  await mkdir(settings.root, { recursive: true });
  await interruptible(async (signal) => {
    const lock = await takeLock(settings.root, { signal, onWait: () => undefined });
    try {
      await removeLeftovers(settings.root);
      for (const [name, place] of places) await provide(settings, name, place, { reporter, signal });
    } finally {
      await lock.release();
    }
  });
  return Object.fromEntries(places);
}

/** Another content of its module is another place. */
async function placeOf(settings, name) {
  const part = PARTS[name];
  const hash = createHash("sha256").update(PYTHON_SDK.join());
  for (const file of part === undefined ? [] : ["go.mod", "go.sum", ...(part.sources ?? [])]) {
    hash.update(await readFile(path.join(part.folder, file)));
  }
  return path.join(settings.root, "languages", `${name}-${hash.digest("hex").slice(0, 8)}`);
}

async function provide(settings, name, place, context) {
  if (existsSync(place)) return;
  const scratch = await makeScratch(settings.root);
  try {
    if (name === "pulumi-python") await installPython(settings, scratch, context);
    else await buildPart(settings, name, scratch, context);
    await mkdir(path.dirname(place), { recursive: true });
    await putInPlace(scratch, place);
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function buildPart(settings, name, scratch, { reporter, signal }) {
  const part = { versionVariable, ...PARTS[name] };
  const go = await findGo(settings.env);
  const suffix = process.platform === "win32" ? ".exe" : "";
  const binary = part.binary ?? `pulumi-language-${name}`;
  await compile(go, part, path.join(scratch, `${binary}${suffix}`), { reporter, signal });
  if (part.script !== undefined) await copyScript(go, part, part.script, scratch, signal);
}

async function installPython(settings, scratch, { reporter, signal }) {
  const python = findOnPath("python3", settings.env);
  if (python === undefined) throw new SourceFailure("no python3 on PATH");
  const args = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--target",
    scratch,
    ...PYTHON_SDK,
  ];
  const answer = await reporter.during("installing Pulumi's Python SDK", () =>
    run(python, args, { cwd: scratch, env: settings.env, signal }),
  );
  if (answer.problem !== undefined) throw new SourceFailure(`pip failed: ${answer.stderr.trim()}`);
}
