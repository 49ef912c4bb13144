import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, posix } from "node:path";
import ts from "typescript";

/** Pulumi's and our own packages by their full names, others without the path below them. */
const PACKAGE = /^(@[^/]+\/)?[^/]+/;

/**
 * What the sources of the package import, folder by folder: `layers` with the packages that each uses, `folders` that
 * hold sources, and `arrows` between two of them, of whatever kind the import is. All in alphabetical order.
 */
export function measure(root) {
  const { config } = ts.readConfigFile(join(root, "tsconfig.build.json"), ts.sys.readFile);
  // The plugin is built by a bundler.
  const include = [...config.include, "plugin"];
  const files = sourcesBelow(root, include);
  const packages = new Map(include.map((layer) => [layer, new Set()]));
  const arrows = new Set();
  for (const file of files) {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"), true, true);
    for (const { fileName } of importedFiles) {
      if (fileName.endsWith(".json")) continue;
      if (fileName.startsWith(".")) {
        const from = dirname(file);
        const to = folderOf(root, posix.join(from, fileName.replace(/\.js$/, "")));
        if (from !== to) arrows.add(`${from} ${to}`);
      } else if (!isNodesOwn(fileName)) {
        packages.get(layerOf(file))?.add(PACKAGE.exec(fileName)[0]);
      }
    }
  }
  return {
    layers: include.map((name) => ({ name, packages: [...packages.get(name)].sort() })),
    folders: [...new Set(files.map((file) => dirname(file)))].sort(),
    arrows: [...arrows]
      .sort()
      .map((arrow) => arrow.split(" "))
      .map(([from, to]) => ({ from, to })),
  };
}

export function layerOf(path) {
  return path.split("/")[0];
}

function sourcesBelow(root, folders) {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", ...folders];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\n");
  return listed.filter((file) => file.endsWith(".ts") && existsSync(join(root, file)));
}

/** The folder of the module that an import names: a file, or a folder with an index. */
function folderOf(root, module) {
  return existsSync(join(root, `${module}.ts`)) ? posix.dirname(module) : module;
}

function isNodesOwn(name) {
  return name.startsWith("node:") || builtinModules.includes(name);
}
