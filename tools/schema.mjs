#!/usr/bin/env node
/** `npm run schema`: writes plugin/schema.json, what the plugin's engine and every language's SDK know of this package. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { SCHEMA_FILE, schemaText } from "./schema/package.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const file = join(root, SCHEMA_FILE);
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, schemaText(root));
console.log(`${SCHEMA_FILE} is written.`);
