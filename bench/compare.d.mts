/** What one command of a run took. */
export interface Figure {
  /** Seconds. */
  cpuSeconds: number;
  calls: number;
  floorCpuSeconds?: number;
}

export type Figures = Record<string, Figure>;

/** What is known of a machine. */
interface Machine {
  processor: string;
  cores: number;
}

type Side = Partial<Record<"ours" | "floor", Omit<Figure, "floorCpuSeconds">>>;

export function figuresOf(results: {
  rows: readonly { operation: string; size: number; sides: Side }[];
  scale?: readonly { step: string; servers: number; cpuSeconds: number; calls: number }[];
}): Figures;

export function lastOf(
  lines: readonly string[],
  machine: Machine,
): { machine: Machine; commit: string; figures: Figures } | undefined;

export function turns(rounds: number): ("before" | "now")[][];

export function ratiosOf(
  rounds: readonly { before: Figures; now: Figures }[],
): { name: string; cpu: number; aboveFloor: number | undefined; calls: [number, number] }[];
