#!/usr/bin/env node
import { existsSync } from "node:fs";
import { provideEngine } from "../tools/provide-engine.mjs";
import { measureDoors } from "./doors.mjs";
import { measureFleet } from "./fleet.mjs";
import { compare, remember } from "./history.mjs";
import { measureLoading } from "./loading.mjs";
import { machineFacts } from "./machine.mjs";
import { readOptions, USAGE } from "./options.mjs";
import { fullReport, save } from "./report.mjs";
import { measureRotation } from "./rotation.mjs";
import { measureRounds } from "./rounds.mjs";
import { measureScale } from "./scale.mjs";
import { summarise } from "./summary.mjs";
import { VARIANTS } from "./variants.mjs";

const log = (line) => console.error(line);

async function main(args) {
  const options = readOptions(args);
  if (options.help) return console.log(USAGE);
  if (!existsSync(new URL("../dist/provider/index.js", import.meta.url))) {
    throw new Error("The package is not built: run `npm run build` first.");
  }
  const engine = await provideEngine({ log });
  const machine = machineFacts(engine);
  if (options.compare) return console.log(compare(machine, options, args));
  const { only, repeats, loads } = options;
  const variants = only.filter((part) => part in VARIANTS);
  const loading = only.includes("load") ? measureLoading(loads) : undefined;
  const rotation = only.includes("rotation") ? measureRotation(loads) : undefined;
  const { rounds } = options;
  const fleet = only.includes("fleet")
    ? await measureFleet({ engineBin: engine.bin, rounds, log })
    : undefined;
  const { scales } = options;
  const scale = only.includes("scale")
    ? await measureScale({ engineBin: engine.bin, scales, log })
    : undefined;
  const doors = only.includes("doors")
    ? await measureDoors({ ...options, engineBin: engine.bin, size: Math.max(...options.sizes), log })
    : undefined;
  const samples = [];
  const resultsAfter = (rounds) => ({
    machine,
    options: { rounds, repeats, poll: options.poll },
    rows: summarise(samples),
    loading,
    rotation,
    fleet,
    scale,
    doors,
    samples,
  });
  let results = resultsAfter(0);
  if (variants.length > 0) {
    for await (const { round, samples: more } of measureRounds({
      ...options,
      engineBin: engine.bin,
      variants,
      log,
    })) {
      samples.push(...more);
      results = resultsAfter(round);
      // A long run that is broken off leaves the rounds that it has ended.
      if (options.complete) save(results);
    }
  }
  if (options.json) return console.log(JSON.stringify(results));
  remember(results, args);
  console.log(fullReport(results));
  if (!options.complete) log("Not saved: only a run that leaves nothing out is.");
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
