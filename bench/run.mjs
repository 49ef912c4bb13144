#!/usr/bin/env node
import { existsSync } from "node:fs";
import { provideEngine } from "../tools/provide-engine.mjs";
import { measureLoading } from "./loading.mjs";
import { machineFacts } from "./machine.mjs";
import { readOptions, USAGE } from "./options.mjs";
import { fullReport, save } from "./report.mjs";
import { measureRounds } from "./rounds.mjs";
import { summarise } from "./summary.mjs";

const log = (line) => console.error(line);

async function main(args) {
  const options = readOptions(args);
  if (options.help) return console.log(USAGE);
  if (!existsSync(new URL("../dist/provider/index.js", import.meta.url))) {
    throw new Error("The package is not built: run `npm run build` first.");
  }
  const engine = await provideEngine({ log });
  const machine = machineFacts(engine);
  const { only, rounds, repeats, loads } = options;
  const variants = only.filter((part) => part !== "load");
  const loading = only.includes("load") ? measureLoading(loads) : undefined;
  const samples = await measureRounds({ ...options, engineBin: engine.bin, variants, log });
  const results = { machine, options: { rounds, repeats }, rows: summarise(samples), loading, samples };
  console.log(fullReport(results));
  if (options.complete) save(results);
  else log("Not saved: only a run that leaves nothing out is.");
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
