import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The version of this package, from its package.json. */
export function packageVersion(): string {
  const text = packageText("package.json");
  const manifest: unknown = text === undefined ? undefined : JSON.parse(text);
  if (typeof manifest !== "object" || manifest === null || !("version" in manifest)) return "unknown";
  return String(manifest.version);
}

/** A file of this package, by its path from the package's folder, which is above the compiled or the source file. */
export function packageText(path: string): string | undefined {
  const root = [join(__dirname, ".."), join(__dirname, "..", "..")].find((one) =>
    existsSync(join(one, "package.json")),
  );
  return root === undefined ? undefined : readFileSync(join(root, path), "utf8");
}
