import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import * as utho from "../../../sdk";
import { RecordingMocks, valueFrom } from "./recording-mocks";

interface Case {
  kind: string;
  /** As a JavaScript program declares one, whom no compiler corrects. */
  declare: (args: Record<string, unknown> | undefined, opts?: object) => pulumi.CustomResource;
  /** A typo and what was meant. */
  typo: [string, string];
  /** What is said in place of `import`. */
  instead: RegExp;
}

const good: Record<string, Record<string, unknown>> = {
  Snapshot: { cloudId: "1001" },
  SnapshotRestore: { snapshot: "1001/9001" },
  ServerClone: { snapshot: "1001/9001", hostname: "copy-1", planId: "10045" },
  SnapshotRotation: { cloudId: "1001", every: "24h", keep: { last: 1 } },
};

/** Past the compiler, as JavaScript is. */
const declarer =
  (kind: string): Case["declare"] =>
  (args, opts) =>
    Reflect.construct(Reflect.get(utho, kind), ["web", args, opts]);

const CASES: Case[] = [
  {
    kind: "Snapshot",
    declare: declarer("Snapshot"),
    typo: ["cloudID", "cloudId"],
    instead: /adopt.*Snapshot\.get/,
  },
  {
    kind: "SnapshotRestore",
    declare: declarer("SnapshotRestore"),
    typo: ["saftySnapshot", "safetySnapshot"],
    instead: /triggers/,
  },
  { kind: "ServerClone", declare: declarer("ServerClone"), typo: ["plan_id", "planId"], instead: /adoptId/ },
  {
    kind: "SnapshotRotation",
    declare: declarer("SnapshotRotation"),
    typo: ["timezone", "timeZone"],
    instead: /adopt/,
  },
];

describe.each(CASES)("a $kind in JavaScript", ({ kind, declare, typo, instead }) => {
  const mocks = new RecordingMocks();
  const [wrong, meant] = typo;

  beforeAll(() => pulumi.runtime.setMocks(mocks, "shop", "prod"));
  beforeEach(() => mocks.clear());

  it("refuses an input that it does not know, and names the one that was meant", () => {
    expect(() => declare({ ...good[kind], [wrong]: "x" })).toThrow(
      new RegExp(
        `^UTHO_INPUT_UNKNOWN: [\\s\\S]*declare the ${kind} "web"[\\s\\S]*"${wrong}"[\\s\\S]*did you mean "${meant}"`,
      ),
    );
    expect(() => declare({ ...good[kind], tags: { team: "shop" } })).toThrow(
      /UTHO_INPUT_UNKNOWN[\s\S]*"tags"/,
    );
    expect(() => declare({ ...good[kind], protect: true })).toThrow(/Options such as `protect`/);
    expect(mocks.registered).toEqual([]);
  });

  it("takes one that is left undefined", async () => {
    expect(await valueFrom(declare({ ...good[kind], tags: undefined }).id)).toBeDefined();
    expect(mocks.registered[0]?.inputs).not.toHaveProperty("tags");
  });

  it("refuses the option import, and says what to do instead", () => {
    const refusal = (): unknown => declare(good[kind], { import: "1001/9001" });
    expect(refusal).toThrow(/^UTHO_IMPORT: /);
    expect(refusal).toThrow(instead);
    expect(mocks.registered).toEqual([]);
  });

  it("leaves Pulumi's stack traces as they were after a refusal", () => {
    const before = Error.stackTraceLimit;
    expect(() => declare({ [wrong]: 1 })).toThrow();
    expect(Error.stackTraceLimit).toBe(before);
  });
});
