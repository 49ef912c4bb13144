/**
 * The time spans of `keep`, as restic writes them: "14d", "1y6m", "2y5m7d3h". Here m means months, other than in the
 * durations of Pulumi; w (weeks), which restic lacks, is seven days.
 */
export interface Within {
  years: number;
  months: number;
  days: number;
  hours: number;
}

const SPAN = /^(?:\d+[ymwdh])+$/;
const PART = /(\d+)([ymwdh])/g;
const DAYS_IN_WEEK = 7;

/** The span that the text names. `undefined` if it names none: fractions, a unit given twice, a length of zero. */
export function parseWithin(text: string): Within | undefined {
  const trimmed = text.trim();
  if (!SPAN.test(trimmed)) return undefined;
  const amounts = new Map<string, number>();
  for (const [, amount, unit = ""] of trimmed.matchAll(PART)) {
    if (amounts.has(unit)) return undefined;
    amounts.set(unit, Number(amount));
  }
  if ([...amounts.values()].every((amount) => amount === 0)) return undefined;
  const of = (unit: string) => amounts.get(unit) ?? 0;
  return { years: of("y"), months: of("m"), days: of("d") + of("w") * DAYS_IN_WEEK, hours: of("h") };
}
