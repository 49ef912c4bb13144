import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { provideLanguages } from "../provide-engine/languages.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SCHEMA = join(ROOT, "plugin/schema.json");

/** Writes an SDK for each language into folders named `nodejs`, `python`, `go` and `dotnet`. @throws Error */
export async function makeSdks(folder, options = {}) {
  const { sdks, dotnet } = await provideLanguages(["sdks", "dotnet"], options);
  run(join(sdks, "sdks"), [SCHEMA, folder], ROOT);
  run(join(dotnet, "dotnet"), [SCHEMA, join(folder, "dotnet")], ROOT);
  writeFileSync(join(folder, "go/utho/go.mod"), goMod());
}

/** The module that the Go SDK is; the engine's SDK in it is the one that its generator belongs to. */
function goMod() {
  const { importBasePath } = JSON.parse(readFileSync(SCHEMA, "utf8")).language.go;
  const pinned = readFileSync(join(ROOT, "tools/sdks/go.mod"), "utf8");
  const versionOf = (module) => new RegExp(`^\\t${module} (\\S+)`, "m").exec(pinned)?.[1];
  const needed = ["github.com/blang/semver", "github.com/pulumi/pulumi/sdk/v3"];
  const requires = needed.map((module) => `\t${module} ${versionOf(module)}\n`).join("");
  return `module ${importBasePath}\n\n${/^go .*$/m.exec(pinned)?.[0]}\n\nrequire (\n${requires})\n`;
}

/** Compiles them, as far as there are compilers here; yields a line for each language. @throws Error */
export function* compileSdks(folder, scratch) {
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  writeFileSync(join(scratch, "tsconfig.json"), tsconfig(join(folder, "nodejs")));
  run(process.execPath, [tsc, "-p", scratch], ROOT);
  yield "nodejs: compiled";
  run("python3", ["-m", "compileall", "-q", "-f", "."], join(folder, "python"));
  yield "python: compiled";
  compileGo(join(folder, "go/utho"), scratch);
  yield "go: compiled";
  yield "dotnet: written, and compiled by no one: there is no compiler of .NET here";
}

/** With the modules that the generator was built with: no others need be fetched. */
function compileGo(folder, scratch) {
  const [own] = readFileSync(join(folder, "go.mod"), "utf8").split("\n");
  const pinned = readFileSync(join(ROOT, "tools/sdks/go.mod"), "utf8");
  mkdirSync(scratch, { recursive: true });
  writeFileSync(join(scratch, "go.mod"), pinned.replace(/^module .*$/m, own));
  copyFileSync(join(ROOT, "tools/sdks/go.sum"), join(scratch, "go.sum"));
  const env = { ...process.env, GOWORK: "off", CGO_ENABLED: "0" };
  run("go", ["vet", `-modfile=${join(scratch, "go.mod")}`, "./..."], folder, env);
}

function tsconfig(folder) {
  const modules = dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
  const compilerOptions = {
    target: "ES2020",
    module: "node16",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    typeRoots: [join(ROOT, "node_modules/@types")],
    types: ["node"],
    paths: { "@pulumi/pulumi": [modules], "@pulumi/pulumi/*": [join(modules, "*")] },
  };
  return JSON.stringify({ compilerOptions, include: [join(folder, "**/*.ts")] });
}

function run(program, args, cwd, env = process.env) {
  try {
    execFileSync(program, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(`${program} ${args.join(" ")}:\n${error.stdout ?? ""}${error.stderr ?? error.message}`);
  }
}
