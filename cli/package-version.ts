import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The version of this package, from its package.json. */
export function packageVersion(): string {
  const text = packageText("package.json");
  const manifest: unknown = text === undefined ? undefined : JSON.parse(text);
  if (typeof manifest !== "object" || manifest === null || !("version" in manifest)) return "unknown";
  return String(manifest.version);
}

/** A file of this package, by its path from the package's folder. */
export function packageText(path: string): string | undefined {
  const file = packagePath(path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Where a file of this package is: its folder is above the compiled or the source file. */
export function packagePath(path: string): string {
  const above = [join(__dirname, ".."), join(__dirname, "..", "..")];
  return join(above.find((one) => existsSync(join(one, "package.json"))) ?? __dirname, path);
}
