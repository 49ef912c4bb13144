import { textOf } from "../../provider/engine/inputs";
import type { StackState } from "../stack/state";
import { logicalNameOf } from "../stack/urn";
import type { Declared } from "./own-project";

/** One restore or clone that the command has begun, with how far it came. */
export interface Past {
  declared: Declared;
  /** "interrupted": a run that was killed began it. "unfinished": it failed, and state knows what it did. */
  state: "interrupted" | "unfinished" | "done";
  outputs: Readonly<Record<string, unknown>>;
}

/** What was begun, the oldest first. A declaration that no run began was only previewed, and does not count. */
export function historyOf(declared: readonly Declared[], state: StackState | undefined): Past[] {
  return declared.flatMap((one): Past[] => {
    const isOf = ({ urn }: { urn: string }) => logicalNameOf(urn) === one.name;
    const made = state?.resources.find((resource) => isOf(resource) && !resource.delete);
    if (made !== undefined) {
      const isDone =
        made.initErrors.length === 0 && (textOf(made.outputs.phase) ?? "restored") === "restored";
      return [{ declared: one, state: isDone ? "done" : "unfinished", outputs: made.outputs }];
    }
    const isPending = state?.pending.some(({ resource }) => isOf(resource)) === true;
    return isPending ? [{ declared: one, state: "interrupted", outputs: {} }] : [];
  });
}

/** The name of the next one. */
export function nextName(kind: string, past: readonly Past[]): string {
  const numbers = past.map(({ declared: { name } }) => Number(name.slice(kind.length + 1)));
  return `${kind}-${Math.max(0, ...numbers) + 1}`;
}
