import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { arch, cpus, loadavg, platform, release, totalmem } from "node:os";
import { resolve } from "node:path";

const require = createRequire(import.meta.url);

/** The machine and the versions that were measured. The load average shows whether the machine had other work at the start. */
export function machineFacts(engine) {
  const own = JSON.parse(readFileSync(resolve(import.meta.dirname, "../package.json"), "utf8"));
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    loadAverage: loadavg()[0],
    versions: {
      "pulumi-utho": own.version,
      "Pulumi CLI": engine.version,
      "@pulumi/pulumi": require("@pulumi/pulumi/package.json").version,
      axios: require("axios/package.json").version,
      Node: process.version,
    },
  };
}
