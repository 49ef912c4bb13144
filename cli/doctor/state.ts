import { DYNAMIC_TOKENS } from "../../provider/engine/inputs";
import { TOKENS, typesOf } from "../../provider/utho/names";
import * as sdk from "../../sdk/forwarder";
import type { StackState, StateResource } from "../stack/state";
import { Check, type Finding } from "./finding";

/** Every text that a version of this package has ever put into a state. */
const FORWARDERS: ReadonlySet<unknown> = new Set(
  Object.entries(sdk).flatMap(([name, text]) => (name.endsWith("_FORWARDER") ? [text] : [])),
);

/** Looks at what a state holds of this package. Kinds and numbers only: names of resources may contain names of servers. */
export function checkState({ resources: ours, interrupted }: StackState): Finding[] {
  return [
    new Check("state.resources", "Resources of pulumi-utho").ok(ours.length === 0 ? "none" : kindsOf(ours)),
    forwarderFinding(ours),
    pendingFinding(interrupted.length),
    initErrorFinding(ours.filter(({ initErrors }) => initErrors.length > 0)),
    owedFinding(ours.filter((one) => one.delete)),
  ];
}

function forwarderFinding(ours: readonly StateResource[]): Finding {
  const check = new Check("state.forwarder", "Provider code in the state");
  // A resource of the plugin has no code in the state.
  const dynamic = ours.filter(({ urn }) => typesOf(urn).at(-1)?.startsWith(TOKENS) !== true);
  const foreign = dynamic.filter((one) => !FORWARDERS.has(one.outputs.__provider ?? one.inputs.__provider));
  if (dynamic.length === 0) return check.skipped("there is no resource of this package's classes");
  if (foreign.length === 0) return check.ok("taken from the installed package, for every resource");
  return check.problem(
    `${kindsOf(foreign)} carry another provider than this package's: that of another package, or code that an older way of writing providers put into the state`,
    "keep a copy (`pulumi stack export`), and run `pulumi preview`: `pulumi up` puts this package's in its place if the program declares the resource by it. If the preview wants to replace anything, stop and report it with this output.",
  );
}

function pendingFinding(count: number): Finding {
  const check = new Check("state.pending", "Interrupted operations");
  if (count === 0) return check.ok("none");
  return check.warning(
    `${count}: a run was killed or cut off`,
    "run `pulumi up`: it takes over what that run left in Utho.",
  );
}

function initErrorFinding(broken: readonly StateResource[]): Finding {
  const check = new Check("state.init-errors", "Creations that failed half-way");
  if (broken.length === 0) return check.ok("none");
  return check.warning(kindsOf(broken), "run `pulumi up`: it goes on with what is there.");
}

function owedFinding(owed: readonly StateResource[]): Finding {
  const check = new Check("state.owed", "Deletions still owed");
  if (owed.length === 0) return check.ok("none");
  return check.warning(
    `${kindsOf(owed)}, replaced and not deleted yet`,
    "run `pulumi up`: it ends the replacement.",
  );
}

/** "2 Snapshot, 1 ServerClone" */
function kindsOf(resources: readonly StateResource[]): string {
  const counts = new Map<string, number>();
  for (const { type } of resources) {
    const kind = type.slice(DYNAMIC_TOKENS.length);
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
}
