/**
 * Types only: `import "pulumi-utho/testing/vitest"` lets vitest's `expect` know {@link UthoMatchers}.
 *
 * @module pulumi-utho/testing/vitest
 */
import type {} from "vitest";
import type { UthoMatchers } from "./matchers";

declare module "vitest" {
  interface Matchers<T> extends UthoMatchers<T> {}
}
