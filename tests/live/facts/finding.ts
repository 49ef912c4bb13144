import type { Exchange } from "../observer/exchange";
import type { Probes } from "../session";

/** What the live API does about one point that its documentation leaves open. */
export interface Finding {
  /** Stable; a test or a reader can look it up. */
  id: string;
  question: string;
  /** In a few words; "not observed" where the run met no occasion. */
  answer: string;
  details: Record<string, string | number | boolean | undefined>;
  /** Answers that show it; the report shows their shape. */
  samples: readonly Exchange[];
}

/** All that a run has seen. */
export interface Evidence {
  exchanges: readonly Exchange[];
  cloudId: string;
  probes: Probes;
  /** This run's snapshots, name by id. */
  own: ReadonlyMap<string, string>;
}

export const NOT_OBSERVED = "not observed";

export function finding(
  id: string,
  question: string,
  answer: string | undefined,
  more: { details?: Finding["details"]; samples?: readonly (Exchange | undefined)[] } = {},
): Finding {
  const samples = (more.samples ?? []).filter((one) => one !== undefined);
  return { id, question, answer: answer ?? NOT_OBSERVED, details: more.details ?? {}, samples };
}

/** Different values in the order in which they were met, as one text; undefined without any. */
export function distinct(values: readonly (string | undefined)[]): string | undefined {
  const all = [...new Set(values.filter((value) => value !== undefined))];
  return all.length === 0 ? undefined : all.join(", ");
}

/** "a" where all places agree, or else "a (here), b (there)". */
export function byPlace(values: readonly (readonly [place: string, value: string])[]): string | undefined {
  const places = new Map<string, Set<string>>();
  for (const [place, value] of values) places.set(value, (places.get(value) ?? new Set()).add(place));
  if (places.size === 0) return undefined;
  const [only] = places.keys();
  if (places.size === 1) return only;
  return [...places].map(([value, where]) => `${value} (${[...where].join(", ")})`).join("; ");
}

/** A request by what it does, without any id. */
export function callOf({ method, path }: Exchange): string {
  return `${method} ${path.replace(/\/\d+(?=\/|\?|$)/g, "/{id}")}`;
}
