import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Words that this project once used in a sense of its own. A reader must translate them. */
export const DIALECT = /\b(untold|told|tells?|nobody|somebody|bears?|is none)\b/gi;

const READ = /\.(ts|mts|cts|mjs|cjs|js|md|yml|sh)$/;
/** What records of others hold is theirs; the last two name the words. */
const LEFT_OUT = /(package-lock\.json|recorded\/|tools\/simplicity\/|tools\/words\.mjs)/;

/** How often the words stand in what git tracks. */
export function countDialect(root) {
  return occurrences(root).length;
}

/** Each place of one of the words, as `file:line: word`. */
export function occurrences(root, words = DIALECT) {
  const files = execFileSync("git", ["ls-files"], { cwd: root, encoding: "utf8" }).trim().split("\n");
  return files
    .filter((file) => READ.test(file) && !LEFT_OUT.test(file))
    .flatMap((file) =>
      readFileSync(join(root, file), "utf8")
        .split("\n")
        .flatMap((line, index) => [...line.matchAll(words)].map(([word]) => `${file}:${index + 1}: ${word}`)),
    );
}
