/**
 * What is measured, in this order on each stack: "up" makes everything from nothing, the others find it made and change
 * nothing, so they can be repeated. The previews that up and refresh would show first are left out: preview has a row
 * of its own.
 */
export const OPERATIONS = {
  up: { title: "`up`, from nothing", command: ["up", "--yes", "--skip-preview"], once: true },
  noop: {
    title: "`up`, no changes",
    command: ["up", "--yes", "--skip-preview", "--expect-no-changes"],
  },
  preview: { title: "`preview`", command: ["preview", "--expect-no-changes"] },
  refresh: {
    title: "`refresh`",
    command: ["refresh", "--yes", "--skip-preview", "--expect-no-changes"],
  },
};
