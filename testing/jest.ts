/**
 * Types only: `import "pulumi-utho/testing/jest"` lets jest's `expect` know {@link UthoMatchers}.
 *
 * @module pulumi-utho/testing/jest
 */
import type {} from "expect";
import type { UthoMatchers } from "./matchers";

/** For `@jest/globals`, and for jest's expect used alone. */
declare module "expect" {
  interface Matchers<R extends void | Promise<void>, T = unknown> extends UthoMatchers<R> {}
}

declare global {
  /** For `@types/jest`. @hidden */
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: declarations that merge must have the same parameters
    interface Matchers<R, T = {}> extends UthoMatchers<R> {}
  }
}
