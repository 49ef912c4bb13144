#!/usr/bin/env node
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { provideEngine } from "./provide-engine/engine.mjs";
import { streamSink } from "./provide-engine/reporter.mjs";

// The live acceptance kit is TypeScript below tests/live; this compiles it, which takes seconds, and runs it.
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
const compiler = join(dirname(require.resolve("typescript/package.json")), "bin/tsc");
execFileSync(process.execPath, [compiler, "-p", join(root, "tests/live/tsconfig.json")], {
  stdio: "inherit",
});

const { main } = require(join(root, ".cache/live-kit/tests/live/main.js"));
process.exitCode = await main(() => provideEngine(streamSink(process.stdout)));
