import { median } from "./median.mjs";

/** Processor time and calls of each command of a run, by its name; beside them what the engine's floor took, where measured. */
export function figuresOf({ rows, scale = [] }) {
  const ours = rows.flatMap(({ operation, size, sides: { ours, floor } }) =>
    ours === undefined ? [] : [[`${operation} of ${size}`, ours, floor?.cpuSeconds]],
  );
  const grown = scale.map((row) => [`${row.step} of a rotation of ${row.servers}`, row]);
  return Object.fromEntries(
    [...ours, ...grown].map(([name, { cpuSeconds, calls }, floorCpuSeconds]) => [
      name,
      { cpuSeconds, calls, ...(floorCpuSeconds === undefined ? {} : { floorCpuSeconds }) },
    ]),
  );
}

/** The last entry of this machine among the lines of a history. */
export function lastOf(lines, { processor, cores }) {
  const entries = lines.filter((line) => line !== "").map((line) => JSON.parse(line));
  return entries.findLast(({ machine }) => machine.processor === processor && machine.cores === cores);
}

/** In which order the two versions are measured: each round the other one first, so that a load that grows meets both. */
export function turns(rounds) {
  return Array.from({ length: rounds }, (_, round) =>
    round % 2 === 0 ? ["before", "now"] : ["now", "before"],
  );
}

/**
 * Each command of both versions with the median of the ratios of neighbouring rounds. Where the engine's floor was
 * measured, each version's time is first divided by it: what else the machine did then falls out.
 */
export function ratiosOf(rounds) {
  const [{ now: first }] = rounds;
  return Object.keys(first).flatMap((name) => {
    const pairs = rounds.flatMap(({ before, now }) =>
      before[name] === undefined || now[name] === undefined ? [] : [[before[name], now[name]]],
    );
    const last = pairs.at(-1);
    if (last === undefined) return [];
    const ratio = (of) => median(pairs.map(([before, now]) => of(now) / of(before)));
    const hasFloor = pairs.every((pair) => pair.every(({ floorCpuSeconds }) => floorCpuSeconds > 0));
    const [before, now] = last;
    return {
      name,
      cpu: ratio(({ cpuSeconds }) => cpuSeconds),
      aboveFloor: hasFloor
        ? ratio(({ cpuSeconds, floorCpuSeconds }) => cpuSeconds / floorCpuSeconds)
        : undefined,
      calls: [before.calls, now.calls],
    };
  });
}
