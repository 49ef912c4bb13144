import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/**
 * Tests also wait, for servers and child processes; a third worker on two cores fills these gaps. Projects that run at
 * the same time need the same number.
 */
const WORKERS = Math.ceil(availableParallelism() * 1.5);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.ts", "tests/architecture/**/*.test.ts"],
          // A stop for what hangs, which no busy machine reaches.
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: WORKERS,
          // One load of the SDK for each worker and not for each file: a third of the processor time. Our code must
          // serve several programs in one process anyway.
          isolate: false,
          setupFiles: ["tests/support/loopback.ts"],
        },
      },
      {
        test: {
          name: "engine-script",
          include: ["tests/engine-script/**/*.test.ts"],
          testTimeout: 300_000,
          maxWorkers: WORKERS,
        },
      },
      {
        test: {
          name: "engine",
          include: ["tests/engine/**/*.test.ts"],
          globalSetup: ["tests/support/engine-setup.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          // Groups run one after the other; Vitest wants one for each number of workers.
          sequence: { groupOrder: 1 },
          // Each file drives its own Pulumi processes; two at once already fill a two-core machine.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "compat",
          include: ["tests/compat/**/*.test.ts"],
          globalSetup: ["tests/support/engine-setup.ts", "tests/compat/setup.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          sequence: { groupOrder: 1 },
          maxWorkers: 2,
        },
      },
    ],
  },
});
