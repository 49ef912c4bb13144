import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import ts from "typescript";

const RESOURCES = ["snapshot", "restore", "clone", "rotation"];
const LAYERS = ["sdk", "provider", "client", "simulator", "testing", "policy", "cli", "plugin"];

/** Files, lines, imports and functions of the package's sources. */
export function measureCode(root) {
  const sources = sourcesBelow(root).map((file) => read(root, file));
  const provider = sources.filter(({ file }) => file.startsWith("provider/"));
  const edges = sources.flatMap(({ file, targets }) => targets.map((target) => [file, target]));
  return {
    files: provider.length,
    lines: provider.reduce((sum, { lines }) => sum + lines, 0),
    between: edges.filter(
      ([from, to]) => resourceOf(from) && resourceOf(to) && resourceOf(from) !== resourceOf(to),
    ).length,
    circles: circlesOf(sources, edges).size,
    longFiles: sources.filter(({ lines }) => lines > 300).length,
    longFunctions: sources.flatMap(({ tree }) => [...functionsOf(tree)]).filter((one) => one > 40).length,
  };
}

function sourcesBelow(root) {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "--", ...LAYERS];
  const listed = execFileSync("git", args, { cwd: root, encoding: "utf8" }).split("\n");
  return listed.filter((file) => file.endsWith(".ts") && existsSync(join(root, file)));
}

function read(root, file) {
  const text = readFileSync(join(root, file), "utf8");
  const { importedFiles } = ts.preProcessFile(text, true, true);
  const targets = importedFiles
    .filter(({ fileName }) => fileName.startsWith("."))
    .map(({ fileName }) => posix.join(dirname(file), fileName.replace(/\.js$/, "")))
    .map((name) => (existsSync(join(root, `${name}.ts`)) ? `${name}.ts` : `${name}/index.ts`));
  const tree = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  return { file, targets, tree, lines: text.split("\n").length - 1 };
}

function resourceOf(file) {
  const [layer, folder] = file.split("/");
  return layer === "provider" && RESOURCES.includes(folder) ? folder : undefined;
}

/** Groups of files that import one another. */
function circlesOf(sources, edges) {
  const next = new Map(sources.map(({ file }) => [file, []]));
  for (const [from, to] of edges) next.get(from)?.push(to);
  const reach = new Map([...next.keys()].map((file) => [file, reachable(file, next)]));
  const groups = [...reach]
    .filter(([file, seen]) => seen.has(file))
    .map(([file, seen]) => [...seen].filter((one) => reach.get(one)?.has(file)).sort());
  return new Set(groups.map(String));
}

function reachable(start, next) {
  const seen = new Set();
  const open = [start];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (const target of next.get(one) ?? []) {
      if (seen.has(target)) continue;
      seen.add(target);
      open.push(target);
    }
  }
  return seen;
}

/** The length of each function in lines. */
function* functionsOf(tree, node = tree) {
  if (ts.isFunctionLike(node) && node.body !== undefined) {
    const lineOf = (place) => tree.getLineAndCharacterOfPosition(place).line;
    yield lineOf(node.end) - lineOf(node.getStart(tree)) + 1;
  }
  const children = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* functionsOf(tree, child);
}
