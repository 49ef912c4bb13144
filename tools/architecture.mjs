#!/usr/bin/env node
/** `npm run architecture`: draws docs/pictures/architecture.svg from the imports of the sources. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { draw } from "./architecture/drawing.mjs";
import { measure } from "./architecture/imports.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [target = "docs/pictures/architecture.svg"] = process.argv.slice(2);
const file = resolve(root, target);

mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, await draw(measure(root)));
console.log(`Drawn: ${file}`);
