#!/usr/bin/env node
/** `npm run simplicity`: measures how much there is to hold in mind, as the table of docs/architecture.md. */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { measureCode } from "./simplicity/code.mjs";
import { measureCreate } from "./simplicity/create.mjs";
import { countDialect } from "./simplicity/dialect.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const code = measureCode(root);
const create = await measureCreate(root);
const rows = [
  ["files in provider/", code.files],
  ["lines in provider/", code.lines],
  ["imports between resources", code.between],
  ["circles", code.circles],
  ["files / functions that a first `Snapshot` create runs through", pair(create)],
  ["the same with what the compiler adds", pair(create.withMadeByCompiler)],
  ["words of the old dialect in sources, tests and docs", countDialect(root)],
  ["files over 300 lines", code.longFiles],
  ["functions over 40 lines", code.longFunctions],
];

function pair({ files, functions }) {
  return `${files} / ${functions}`;
}

console.log("| | now |\n|---|---|");
for (const [what, value] of rows) console.log(`| ${what} | ${value} |`);
