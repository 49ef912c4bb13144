#!/usr/bin/env node
/** `npm run archives -- <folder>`: the plugin, packed as Pulumi downloads plugins; see "Releasing" in CONTRIBUTING.md. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PLUGIN = fileURLToPath(new URL("../plugin/", import.meta.url));
const FILES = ["pulumi-resource-utho", "pulumi-resource-utho.cmd"];

/** The names that Pulumi asks for; the content is the same, since Node.js runs it everywhere. */
const SYSTEMS = ["linux", "darwin", "windows"];
const PROCESSORS = ["amd64", "arm64"];

const [given] = process.argv.slice(2);
if (given === undefined) {
  console.error("Usage: npm run archives -- <folder>: packs the plugin for each platform into the folder.");
  process.exit(2);
}
const missing = FILES.filter((file) => !existsSync(join(PLUGIN, file)));
if (missing.length > 0) throw new Error(`plugin/ has no ${missing.join(", ")}: run \`npm run build\` first.`);
const folder = resolve(given);
mkdirSync(folder, { recursive: true });
const { version } = JSON.parse(readFileSync(join(PLUGIN, "schema.json"), "utf8"));
for (const system of SYSTEMS) {
  for (const processor of PROCESSORS) {
    const archive = `pulumi-resource-utho-v${version}-${system}-${processor}.tar.gz`;
    execFileSync("tar", ["-czf", join(folder, archive), "-C", PLUGIN, ...FILES]);
    console.log(archive);
  }
}
