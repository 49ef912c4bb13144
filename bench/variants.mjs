/** The three sides of the comparison; each has its program in programs/. */
export const VARIANTS = {
  ours: { title: "pulumi-utho", program: "ours.cjs" },
  floor: { title: "engine's floor", program: "floor.cjs" },
  documented: { title: "documented way", program: "documented.cjs" },
};
