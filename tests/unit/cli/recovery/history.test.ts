import { expect, it } from "vitest";
import { historyOf, nextName } from "../../../../cli/recovery/history";
import type { Declared } from "../../../../cli/recovery/own-project";
import { parseState } from "../../../../cli/stack/state";

const TYPE = "pulumi-nodejs:dynamic/utho:SnapshotRestore";

function resource(name: string, phase: string, more: object = {}): object {
  return { urn: `urn:pulumi:now::restore-a::${TYPE}::${name}`, type: TYPE, outputs: { phase }, ...more };
}

const declared = ["restore-1", "restore-2", "restore-3", "restore-4", "restore-5"].map(
  (name): Declared => ({ type: "SnapshotRestore", name, args: {} }),
);

it("counts what a run began, and nothing that was only previewed", () => {
  const deployment = {
    resources: [
      resource("restore-1", "restored"),
      resource("restore-2", "restored", { initErrors: ["the disk is full"] }),
      resource("restore-3", "sent"),
    ],
    pending_operations: [{ type: "creating", resource: resource("restore-4", "") }],
  };
  const state = parseState(JSON.stringify({ version: 3, deployment }), "stack now");
  const past = historyOf(declared, state);
  expect(past.map((one) => one.state)).toEqual(["done", "unfinished", "unfinished", "interrupted"]);
  expect(nextName("restore", past)).toBe("restore-5");
  expect(historyOf(declared, undefined)).toEqual([]);
  expect(nextName("restore", [])).toBe("restore-1");
});
