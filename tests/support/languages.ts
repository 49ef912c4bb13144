import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import type { Stack } from "./stack";

const REPOSITORY = resolve(__dirname, "../..");
const PLUGIN = join(REPOSITORY, "plugin");

export type Language = "yaml" | "python" | "go" | "nodejs";

/** How a program of a language is laid out, as a user does it. */
interface Layout {
  /** The program's file. */
  file: string;
  /** Folders that the engine must find on PATH. */
  path: readonly string[];
  env?: Record<string, string>;
  /** What lies beside the program. */
  prepare?: (folder: string) => void;
}

/**
 * Turns a stack's folder into a project of another language, with the plugin of this repository and its SDK. Returns
 * what writes its program; one in YAML is the project itself.
 */
export async function speak(stack: Stack, language: Language): Promise<(program: string) => void> {
  const { file, path, env = {}, prepare } = await layoutOf(language, join(stack.folder, "sdks"));
  for (const folder of path) stack.addToPath(folder);
  Object.assign(stack.env, env);
  prepare?.(stack.folder);
  const project = join(stack.folder, "Pulumi.yaml");
  const plugins = { providers: [{ name: "utho", path: PLUGIN }] };
  const own = { name: "tests", runtime: language, plugins };
  writeFileSync(project, stringify(own));
  if (language === "yaml")
    return (program) => writeFileSync(project, stringify({ ...parse(program), ...own }));
  return (program) => writeFileSync(join(stack.folder, file), program);
}

async function layoutOf(language: Language, sdks: string): Promise<Layout> {
  const log = (line: string): void => console.error(line);
  const { provideLanguages } = await import("../../tools/provide-engine/languages.mjs");
  if (language === "yaml") {
    const { yaml } = await provideLanguages(["yaml"], { log });
    return { file: "Pulumi.yaml", path: [yaml] };
  }
  const { makeSdks } = await import("../../tools/sdks/make.mjs");
  await makeSdks(sdks, { log });
  if (language === "nodejs") {
    compileTypeScript(join(sdks, "nodejs"));
    return { file: "index.js", path: [] };
  }
  if (language === "go") {
    const { go } = await provideLanguages(["go"], { log });
    return {
      file: "main.go",
      path: [go],
      env: { GOWORK: "off", CGO_ENABLED: "0", GOFLAGS: "-ldflags=-w" },
      prepare: goModule,
    };
  }
  const { python, "pulumi-python": site } = await provideLanguages(["python", "pulumi-python"], { log });
  const installed = join(sdks, "installed");
  const args = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"];
  execFileSync("python3", [...args, "--target", installed, join(sdks, "python")], {
    env: { ...process.env, PYTHONPATH: site, PIP_DISABLE_PIP_VERSION_CHECK: "1" },
  });
  return { file: "__main__.py", path: [python], env: { PYTHONPATH: [installed, site].join(delimiter) } };
}

/** As its own `npm run build` does, with the compiler of this repository. */
function compileTypeScript(sdk: string): void {
  execFileSync(process.execPath, [require.resolve("typescript/bin/tsc"), "-p", sdk]);
  copyFileSync(join(sdk, "package.json"), join(sdk, "bin/package.json"));
}

/** A module with the releases that the SDKs' generator was built with: no others need be fetched. */
function goModule(folder: string): void {
  const sdk = join(folder, "sdks/go/utho");
  const [, name = ""] = /^module (\S+)/.exec(readFileSync(join(sdk, "go.mod"), "utf8")) ?? [];
  const pinned = readFileSync(join(REPOSITORY, "tools/sdks/go.mod"), "utf8");
  const own = `${pinned.replace(/^module .*$/m, "module tests")}\nrequire ${name} v0.0.0\nreplace ${name} => ${sdk}\n`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "go.mod"), own);
  copyFileSync(join(REPOSITORY, "tools/sdks/go.sum"), join(folder, "go.sum"));
}
