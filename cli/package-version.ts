import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The version of this package, from its package.json above the compiled or the source file. */
export function packageVersion(): string {
  for (const above of ["..", join("..", "..")]) {
    const file = join(__dirname, above, "package.json");
    if (!existsSync(file)) continue;
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof manifest !== "object" || manifest === null || !("version" in manifest)) continue;
    return String(manifest.version);
  }
  return "unknown";
}
