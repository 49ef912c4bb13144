// tsc writes no executable bit, and npm's bin links point straight at the compiled file. What it writes for the matchers
// is CommonJS alone, and a declaration there reaches vitest's types for CommonJS and never those that an ES module sees.
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";

const bin = new URL("../dist/cli/main.js", import.meta.url);
if (existsSync(bin)) chmodSync(bin, 0o755);

const types = new URL("../dist/testing/vitest.d.ts", import.meta.url);
if (existsSync(types)) {
  const text = readFileSync(types, "utf8").replace('"./matchers"', '"./matchers.js"');
  writeFileSync(new URL("vitest.d.mts", types), text);
  writeFileSync(new URL("vitest.mjs", types), "export {};\n");
}
