import { describe, expect, it } from "vitest";
import { nightlyFiles } from "../../../cli/init/files";
import { readPage } from "./pages";

const PROJECT = {
  name: "",
  servers: [],
  leftOut: [],
  stack: "",
  timeZone: "",
  at: "",
  path: [],
  backend: undefined,
} as const;
const PACKAGES = { "pulumi-utho": "", "@pulumi/pulumi": "" };

describe("the schedule of examples/nightly-backups", () => {
  it("in cron run it soon after `at`, and hold no token", () => {
    const lines = readPage("examples/nightly-backups/crontab").split("\n");
    const jobs = lines.filter((line) => /^[\d*]/.test(line));
    expect(jobs).toHaveLength(2);
    expect(jobs[0]).toMatch(/^5 2 \* \* \* /);
    expect(jobs.map((job) => job.replace(/^.*\//, ""))).toEqual(["nightly.sh", "nightly.sh check"]);
    expect(readPage("examples/nightly-backups/index.ts")).toContain('at: "02:00"');
    const { "nightly.sh": script } = nightlyFiles({ ...PROJECT, packages: PACKAGES });
    expect(readPage("examples/nightly-backups/nightly.sh")).toBe(script);
    expect(lines.join("\n")).not.toMatch(/UTHO_TOKEN=/);
  });
});
