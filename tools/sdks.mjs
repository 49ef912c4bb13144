#!/usr/bin/env node
/** `npm run sdks -- <folder>`: see "Releasing" in CONTRIBUTING.md. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compileSdks, makeSdks } from "./sdks/make.mjs";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error(
    "Usage: npm run sdks -- <folder>: writes the SDK of each language into the folder, and compiles it.",
  );
  process.exit(2);
}
const scratch = mkdtempSync(join(tmpdir(), "pulumi-utho-sdks-"));
try {
  await makeSdks(resolve(folder), { log: (line) => console.log(line) });
  for (const line of compileSdks(resolve(folder), scratch)) console.log(line);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
