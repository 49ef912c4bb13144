import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Project files, by what follows "Pulumi" or "Pulumi.<stack>". */
const ENDINGS = ["yaml", "yml", "json"] as const;

/** The folder of the project that `folder` is in; `undefined`: no folder above it is a project. */
export function projectRoot(folder: string): string | undefined {
  for (let above = resolve(folder); ; above = dirname(above)) {
    if (ENDINGS.some((ending) => existsSync(join(above, `Pulumi.${ending}`)))) return above;
    if (above === dirname(above)) return undefined;
  }
}

/** What the files with this name say: `Pulumi`, or `Pulumi.<stack>`. */
export function projectTexts(root: string, base: string): string[] {
  const files = ENDINGS.map((ending) => join(root, `${base}.${ending}`));
  return files.filter((file) => existsSync(file)).map((file) => readFileSync(file, "utf8"));
}

/** The folder that the program's packages are resolved from: that of the project, or where its `main` is. */
export function programFolder(folder: string): string {
  const root = projectRoot(folder);
  if (root === undefined) return resolve(folder);
  const [main] = projectTexts(root, "Pulumi").flatMap((text) => MAIN.exec(text)?.slice(1) ?? []);
  if (main === undefined) return root;
  const place = resolve(root, main.trim());
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() === true ? place : dirname(place);
}

/** `main: src`, `main: "src" # comment`, and `"main": "src",` of a JSON file. */
const MAIN = /(?:^|[{,])\s{0,2}"?main"?\s*:\s*["']?([^"'#,\n]+)/m;
