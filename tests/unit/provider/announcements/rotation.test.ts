import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../provider/engine/values";
import { DAY, HOUR, RotationRig } from "../rotation/rotation-rig";
import { type Touched, touchedIn } from "./touched";

const SERVERS = ["1001", "1002", "1003", "1004"];

/** A program of a rotation, and what of it a preview does not know yet. */
interface Edit {
  cloudIds: string[];
  last: number;
  onRemove: "keep" | "delete";
  paused: boolean;
  powerOff: boolean;
  /** Servers whose ids are not known before the update. */
  unknownServers: readonly string[];
  /** Inputs that are not known before the update. */
  unknown: readonly string[];
}

const fleet = fc.subarray(SERVERS, { minLength: 1 });
const edit: fc.Arbitrary<Edit> = fc.record({
  cloudIds: fleet,
  last: fc.integer({ min: 1, max: 4 }),
  onRemove: fc.constantFrom<("keep" | "delete")[]>("keep", "delete"),
  paused: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  powerOff: fc.boolean(),
  unknownServers: fc.oneof(
    { weight: 2, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fleet },
  ),
  unknown: fc.oneof(
    { weight: 3, arbitrary: fc.constant<string[]>([]) },
    {
      weight: 1,
      arbitrary: fc.subarray(["keep", "every", "paused", "onRemove", "powerOff", "cloudIds", "minKeep"]),
    },
  ),
});

/** What happened before: nights with failures, what others did meanwhile, and how long ago that was. */
const history = fc.record({
  first: edit,
  nights: fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constant("") },
      { weight: 1, arbitrary: fc.constantFrom(...SERVERS) },
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  outside: fc.constantFrom("nothing", "deleted", "renamed", "another job", "refreshed"),
  hours: fc.constantFrom(0, 12, 24, 60),
});

type History = typeof history extends fc.Arbitrary<infer T> ? T : never;

function programOf({ cloudIds, last, onRemove, paused, powerOff }: Edit): Record<string, unknown> {
  return { cloudIds, every: "24h", keep: { last }, onRemove, paused, powerOff };
}

function previewed(one: Edit): Record<string, unknown> {
  const cloudIds = one.cloudIds.map((id) => (one.unknownServers.includes(id) ? UNKNOWN : id));
  const open = Object.fromEntries(one.unknown.map((key) => [key, UNKNOWN]));
  return { ...programOf({ ...one, cloudIds }), ...open };
}

async function lived(given: History): Promise<RotationRig> {
  const rig = await RotationRig.start({
    servers: SERVERS.map((cloudId) => ({ cloudId, hostname: `host-${cloudId}` })),
  });
  for (const failing of given.nights) {
    if (failing !== "")
      rig.simulator.cloud.nextOutcome({ of: "snapshot", outcome: "failed", cloudId: failing });
    if (rig.inputs !== undefined) rig.advance(DAY);
    await rig.up(programOf(given.first));
  }
  const [some] = rig.simulator.cloud.snapshots();
  if (given.outside === "deleted" && some !== undefined) rig.simulator.cloud.deleteSnapshot(some.id);
  if (given.outside === "renamed" && some !== undefined)
    rig.simulator.cloud.renameSnapshot(some.id, "mine now");
  if (given.outside === "another job") await rig.copy().up(programOf(given.first));
  if (given.outside === "refreshed" && rig.inputs !== undefined) await rig.refresh();
  rig.advance(given.hours * HOUR);
  return rig;
}

/** Deletions that the preview counted, in all its sentences. */
function counted(text: string): number {
  const plans = [...text.matchAll(/deletes (\d+) \(/g), ...text.matchAll(/all (\d+) snapshots \(/g)];
  return (
    plans.reduce((sum, [, count]) => sum + Number(count), 0) +
    (text.match(/its only snapshot \(/g) ?? []).length
  );
}

/** Whether the preview called what happened on this server not known yet. */
function calledUnknown(text: string, { kind, cloudId }: Touched, one: Edit): boolean {
  if (kind === "off" && text.includes("Each server whose snapshot is taken is switched off")) return true;
  if (kind === "off" && text.includes("(powerOff) is not known before the update")) return true;
  if (kind === "deleted" && text.includes("takes and deletes is decided then"))
    return one.cloudIds.includes(cloudId);
  const isNew = one.unknownServers.includes(cloudId) || one.unknown.includes("cloudIds");
  return kind === "deleted" && isNew && /what is taken and deleted there is decided then/.test(text);
}

function isAnnounced(text: string, one: Touched, all: readonly Touched[], program: Edit): boolean {
  if (calledUnknown(text, one, program)) return true;
  if (one.kind === "off") return new RegExp(`Switches off .*\\(?${one.cloudId}\\)?`).test(text);
  if (new RegExp(`\\b${one.id}\\b`).test(text)) return true;
  // A long list is cut: its count stands for the rest of it.
  const known = all.filter((other) => other.kind === "deleted" && !calledUnknown(text, other, program));
  return counted(text) >= known.length && /and \d+ more|of \d+ \w+ ago/.test(text);
}

describe("what an update of a rotation deletes or switches off", () => {
  it("its preview has announced, or called unknown", async () => {
    await fc.assert(
      fc.asyncProperty(history, edit, async (given, next) => {
        const rig = await lived(given);
        try {
          const isNew = rig.inputs === undefined;
          const preview = await rig.preview(previewed(next));
          rig.simulator.requests.clear();
          const { error, changed } = await rig.up(programOf(next));
          const touched = touchedIn(rig.simulator);
          const text = preview.said.join("\n");
          const missed = touched.filter((one) => !isAnnounced(text, one, touched, next));
          expect(missed, `${text}\n${error?.message ?? ""}`).toEqual([]);
          // A preview that shows no change is followed by an update that changes nothing of all this.
          if (!preview.changed && !isNew && next.unknown.length === 0)
            expect([changed, touched]).toEqual([false, []]);
          // Of a removal the engine asks nothing in its preview: its consequence was said before.
          const said = rig.inputs === undefined ? [] : await rig.destroy();
          const deleted = touchedIn(rig.simulator).length - touched.length;
          if (next.onRemove === "keep") expect(deleted, said.join()).toBe(0);
        } finally {
          await rig.simulator.close();
        }
      }),
      { seed: 7, numRuns: 40 },
    );
  });
});
