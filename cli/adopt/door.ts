import { DYNAMIC_TOKENS } from "../../provider/engine/inputs";
import { TOKENS } from "../../provider/utho/names";
import { projectRoot, projectTexts } from "../stack/project";
import type { StackState } from "../stack/state";

/** The classes of this package, or the provider plugin (docs/which-door.md). */
export const DOORS = ["class", "plugin"] as const;
export type Door = (typeof DOORS)[number];

/** Languages that the program for an adoption is written in. */
export type Language = "classes" | "nodejs" | "python" | "go" | "yaml";

/** The door that the stack's resources have; of a stack without any, that which its language needs. */
export function doorOf({ entries }: Pick<StackState, "entries">, folder: string): Door {
  const has = (tokens: string): boolean => entries.some(({ type }) => type.startsWith(tokens));
  if (has(DYNAMIC_TOKENS)) return "class";
  return has(TOKENS) || runtimeIn(folder) !== "nodejs" ? "plugin" : "class";
}

/** What the program is written in. A language that this command does not write is shown in YAML, with the same names. */
export function languageOf(door: Door, folder: string): Language {
  if (door === "class") return "classes";
  const runtime = runtimeIn(folder);
  return runtime === "nodejs" || runtime === "python" || runtime === "go" ? runtime : "yaml";
}

/** `runtime: yaml`, `runtime: { name: python }`, and the same in JSON. */
function runtimeIn(folder: string): string {
  const root = projectRoot(folder);
  const texts = root === undefined ? [] : projectTexts(root, "Pulumi");
  const [runtime = "nodejs"] = texts.flatMap((text) => RUNTIME.exec(text)?.slice(1) ?? []);
  return runtime;
}

const RUNTIME = /(?:^|[{,])\s{0,2}"?runtime"?\s*:\s*(?:\{?\s*"?name"?\s*:\s*)?["']?([\w-]+)/m;
