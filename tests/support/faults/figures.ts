import { type Scene, type Subject, trialsOf } from "./trial";

/** What `npm run reliability` counts of a suite that has tried every wrong answer in these scenes. */
export function figuresOf<S extends Subject, Options>(scenes: readonly Scene<S, Options>[]): string {
  const trials = scenes.flatMap((scene) => trialsOf(scene));
  const calls = new Set(scenes.map(({ call }) => call));
  return `[reliability] faults=${trials.length} calls=${[...calls].sort().join(",")}`;
}
