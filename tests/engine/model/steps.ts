import fc from "fast-check";
import type { Fault } from "../../../simulator";

/** What a person in the console, or fate, does. */
export const MEDDLING = ["make", "delete", "rename", "fail"] as const;

/** Changes of one resource of the program. */
export const EDITS = ["remove", "trigger", "move", "retain"] as const;

/** What can happen between two looks at the cloud. Numbers pick among what is there at that moment. */
export type Step =
  | { do: "declare"; name: string; cloudId: string; powerOff: boolean }
  /** A snapshot that was made by hand is declared with `adoptId`. */
  | { do: "adopt"; name: string; cloudId: string }
  | { do: (typeof EDITS)[number]; name: string }
  /** With an alias the engine knows that it is the same resource. */
  | { do: "rename"; name: string; to: string; alias: boolean }
  | { do: "outside"; what: (typeof MEDDLING)[number]; pick: number }
  | { do: "lag"; account: number; server: number }
  | { do: "up"; killAt: number | undefined; fault: Fault | undefined }
  | { do: "refresh"; fault: Fault | undefined };

const name = fc.constantFrom("a", "b", "c", "d");
const cloudId = fc.constantFrom("1001", "1002");

/** Wrong answers, by the word that a tally counts them under. */
export const FAULT_KINDS: readonly Fault["kind"][] = [
  { status: 500 },
  { status: 503 },
  { status: 429 },
  { cut: true },
  { html: true },
  { halfBody: true },
  { garbled: true },
  { errorIn200: "Something went wrong" },
  { emptyBody: true },
];

const fault: fc.Arbitrary<Fault> = fc.record({
  operation: fc.constantFrom<Fault["operation"]>(
    "server.read",
    "snapshot.create",
    "snapshot.create",
    "snapshot.delete",
    "snapshot.listByDeploy",
    "server.poweroff",
    "server.poweron",
  ),
  phase: fc.constantFrom<Fault["phase"]>("before", "after", "answer"),
  kind: fc.constantFrom(...FAULT_KINDS),
});
const perhapsFault = fc.option(fault, { nil: undefined, freq: 2 });

/** Lags stay below utho:listingLag: that setting is how long a new snapshot may be unlisted. */
const lag = fc.constantFrom(0, 20, 60);

const declare = fc.record({
  do: fc.constant("declare" as const),
  name,
  cloudId,
  powerOff: fc.constantFrom(false, false, false, true),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: declare },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("adopt" as const), name, cloudId }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom(...EDITS), name }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("rename" as const), name, to: name, alias: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("outside" as const),
      what: fc.constantFrom(...MEDDLING),
      pick: fc.nat(9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lag" as const), account: lag, server: lag }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("up" as const),
      killAt: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined, freq: 2 }),
      fault: perhapsFault,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("refresh" as const), fault: perhapsFault }) },
);

/** A life: something is declared first, so that there is something to lose. */
export const lives = fc
  .tuple(declare, fc.array(step, { minLength: 3, maxLength: 10 }))
  .map(([first, rest]): Step[] => [first, ...rest]);

/** The word of a fault's kind: "cut", "html", "status 500". */
export function wordOf(kind: Fault["kind"]): string {
  return "status" in kind && !("html" in kind) && !("redirectTo" in kind)
    ? `status ${kind.status}`
    : (Object.keys(kind)[0] ?? "");
}
