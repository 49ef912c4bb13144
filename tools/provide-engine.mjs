#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { provideEngine } from "./provide-engine/engine.mjs";
import { EngineError } from "./provide-engine/failure.mjs";
import { streamSink } from "./provide-engine/reporter.mjs";

export { EngineError, provideEngine };

const USAGE = `Usage: node tools/provide-engine.mjs [--print-path | --json]

Finds a Pulumi CLI with its Node.js language host, or gets one: see docs/engine.md.

  --print-path   print only the folder of the binaries on standard output
  --json         print {"bin", "version", "source"} on standard output
  --help         print this

PULUMI_UTHO_ENGINE         auto (default), or of path, download, build those that may be used: "path,build"
PULUMI_UTHO_ENGINE_MIRROR  where to download from instead of https://get.pulumi.com/releases/sdk
PULUMI_HOME                where the engine is kept, default ~/.pulumi
`;

const OUTPUTS = {
  "--print-path": (engine) => `${engine.bin}\n`,
  "--json": (engine) => `${JSON.stringify(engine)}\n`,
};

async function main(args) {
  if (args.includes("--help")) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (args.length > 1 || (args[0] !== undefined && !(args[0] in OUTPUTS))) {
    process.stderr.write(`Unknown arguments: ${args.join(" ")}\n\n${USAGE}`);
    return 2;
  }
  const format = OUTPUTS[args[0]];
  const sink = streamSink(format === undefined ? process.stdout : process.stderr);
  try {
    const engine = await provideEngine(sink);
    process.stdout.write(format?.(engine) ?? "");
    return 0;
  } catch (error) {
    sink.end?.();
    process.stderr.write(`${error instanceof EngineError ? error.message : error.stack}\n`);
    return 1;
  }
}

function startedDirectly() {
  const [, script] = process.argv;
  return script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url);
}

if (startedDirectly()) {
  process.exitCode = await main(process.argv.slice(2));
}
