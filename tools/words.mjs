#!/usr/bin/env node
/** Part of `npm run lint`: fails on words that a reader would have to translate, and says what to write instead. */
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { occurrences } from "./simplicity/dialect.mjs";

const INSTEAD = [
  [/\b(untold|told|tells?)\b/gi, "say, show, report, list"],
  [/\b(nobody|somebody)\b/gi, "someone, no snapshot …, what it concerns"],
  [/\bbears?\b/gi, "has, carries"],
  [/\b(is|are) none\b/gi, "invalid, missing, no …"],
  [/\b(gone|goes|went) bad\b/gi, "failed"],
  [/\bmend(s|ed|ing)?\b/gi, "correct, repair"],
  [/\breckon(s|ed|ing)?\b/gi, "count, calculate"],
  [/\bin (silence|vain)\b/gi, "silently, without effect"],
  [/\banew\b/gi, "again, new"],
  [/\bstrangers?\b/gi, "foreign, another owner's"],
  [/\bwitness(es|ed)?\b/gi, "both listings show it"],
  [/\ball the same\b/gi, "nevertheless"],
];

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const found = INSTEAD.flatMap(([words, instead]) =>
  occurrences(root, words).map((place) => `${place} (say: ${instead})`),
);
if (found.length > 0) {
  console.error(`Words to avoid:\n${found.join("\n")}`);
  process.exitCode = 1;
}
