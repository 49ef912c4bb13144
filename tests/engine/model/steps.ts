import fc from "fast-check";
import type { Fault } from "../../../simulator";

/** What can happen between two looks at the cloud. Numbers pick among what is there at that moment. */
export type Step =
  | { do: "declare"; name: string; cloudId: string }
  | { do: "remove" | "trigger" | "move" | "retain"; name: string }
  | { do: "outside"; what: "delete" | "rename" | "fail"; pick: number }
  | { do: "lag"; account: number; server: number }
  | { do: "up"; killAt: number | undefined; fault: Fault | undefined }
  | { do: "refresh" };

const name = fc.constantFrom("a", "b", "c");
const cloudId = fc.constantFrom("1001", "1002");

const kind: fc.Arbitrary<Fault["kind"]> = fc.constantFrom<Fault["kind"]>(
  { status: 500 },
  { status: 503 },
  { status: 429 },
  { cut: true },
  { html: true },
  { halfBody: true },
  { garbled: true },
  { errorIn200: "Something went wrong" },
  { emptyBody: true },
);

const fault: fc.Arbitrary<Fault> = fc.record({
  operation: fc.constantFrom<Fault["operation"]>(
    "server.read",
    "snapshot.create",
    "snapshot.create",
    "snapshot.delete",
    "snapshot.listByDeploy",
  ),
  phase: fc.constantFrom<Fault["phase"]>("before", "after", "answer"),
  kind,
});

/** Lags stay below utho:listingLag: how long a new snapshot may be unlisted is what that setting tells. */
const lag = fc.constantFrom(0, 20, 60);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("declare" as const), name, cloudId }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("remove" as const, "trigger" as const, "move" as const, "retain" as const),
      name,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("outside" as const),
      what: fc.constantFrom("delete" as const, "rename" as const, "fail" as const),
      pick: fc.nat(9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("lag" as const), account: lag, server: lag }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant("up" as const),
      killAt: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      fault: fc.option(fault, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: "refresh" }) },
);

/** A life: something is declared first, so that there is something to lose. */
export const lives = fc
  .tuple(
    fc.record({ do: fc.constant("declare" as const), name, cloudId }),
    fc.array(step, { minLength: 3, maxLength: 9 }),
  )
  .map(([first, rest]): Step[] => [first, ...rest]);
