/** The sides of the comparison; each has its program in programs/. */
export const VARIANTS = {
  ours: { title: "pulumi-utho", program: "ours.cjs" },
  floor: { title: "engine's floor", program: "floor.cjs", asksNothing: true },
  /** The floor of a provider that answers what a snapshot's outputs are; not part of a run that leaves nothing out. */
  outputs: {
    title: "floor with outputs",
    program: "floor.cjs",
    env: { BENCH_ANSWERS: "outputs" },
    asksNothing: true,
    extra: true,
  },
  /** The same, whose creation takes one poll interval: whoever takes a snapshot waits, and waiting costs time, too. */
  waiting: {
    title: "floor with outputs that waits",
    program: "floor.cjs",
    env: { BENCH_ANSWERS: "waiting" },
    asksNothing: true,
    extra: true,
  },
  documented: { title: "documented way", program: "documented.cjs" },
};
