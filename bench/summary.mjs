import { median } from "./median.mjs";

/** Medians of all samples of each command at each size, and the ratios between the sides. */
export function summarise(samples) {
  const rows = [];
  for (const size of distinct(samples, "size")) {
    for (const operation of distinct(samples, "operation")) {
      const of = (variant) =>
        samples.filter((one) => one.size === size && one.operation === operation && one.variant === variant);
      const sides = Object.fromEntries(
        distinct(samples, "variant").map((variant) => [variant, summariseSide(of(variant))]),
      );
      rows.push({
        operation,
        size,
        sides,
        oursToFloor: ratio(of("ours"), of("floor"), "seconds"),
        documentedToOurs: ratio(of("documented"), of("ours"), "seconds"),
        oursToFloorCpu: ratio(of("ours"), of("floor"), "cpuSeconds"),
        outputsToFloorCpu: ratio(of("outputs"), of("floor"), "cpuSeconds"),
        waitingToFloorCpu: ratio(of("waiting"), of("floor"), "cpuSeconds"),
        oursToWaitingCpu: ratio(of("ours"), of("waiting"), "cpuSeconds"),
        documentedToOursCpu: ratio(of("documented"), of("ours"), "cpuSeconds"),
      });
    }
  }
  return rows;
}

function summariseSide(samples) {
  return {
    seconds: median(samples.map(({ seconds }) => seconds)),
    cpuSeconds: medianOfKnown(samples.map(({ cpuSeconds }) => cpuSeconds)),
    calls: median(samples.map(({ calls }) => calls)),
    /** Of the calls, those that list the whole account: shared by all snapshots, and one for each poll interval. */
    listings: median(samples.map(({ callsByOperation }) => callsByOperation["snapshot.listByDeploy"] ?? 0)),
    stateBytes: median(samples.map(({ stateBytes }) => stateBytes)),
    simulatorShare: median(samples.map((one) => one.simulatorCpuSeconds / one.seconds)),
  };
}

/** The median of the ratios of commands that ran side by side: what slowed the machine down for a while slowed both. */
function ratio(over, under, key) {
  const pairs = over.flatMap((one) => {
    const other = under.find(({ round, repeat }) => round === one.round && repeat === one.repeat);
    return other === undefined ? [] : [one[key] / other[key]];
  });
  return medianOfKnown(pairs);
}

/** Processor time is not known everywhere. */
function medianOfKnown(values) {
  const known = values.filter(Number.isFinite);
  return known.length === 0 ? undefined : median(known);
}

function distinct(samples, key) {
  return [...new Set(samples.map((one) => one[key]))];
}
