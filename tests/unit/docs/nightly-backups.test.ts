import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { nightlyFiles } from "../../../cli/init/files";
import { readPage } from "./pages";

const PROJECT = {
  name: "",
  servers: [],
  stack: "",
  timeZone: "",
  at: "",
  path: [],
  backend: undefined,
} as const;
const PACKAGES = { "pulumi-utho": "", "@pulumi/pulumi": "" };

const COMMAND = "pulumi up --yes --stack prod";

describe("the schedules of examples/nightly-backups", () => {
  const program = readPage("examples/nightly-backups/index.ts");
  const zone = /timeZone: "([^"]+)"/.exec(program)?.[1];

  it("in GitHub Actions run it soon after `at` by the clock of the program's zone, one at a time", () => {
    expect(program).toContain('at: "02:00"');
    const workflow = parse(readPage("examples/nightly-backups/nightly.yml"));
    expect(workflow.on.schedule).toHaveLength(1);
    const [minute, hour, ...rest] = String(workflow.on.schedule[0].cron).split(" ");
    expect(rest).toEqual(["*", "*", "*"]);
    const utc = DateTime.fromObject({ hour: Number(hour), minute: Number(minute) }, { zone: "UTC" });
    expect(utc.setZone(zone).toFormat("HH:mm")).toBe("02:05");
    expect(workflow.concurrency["cancel-in-progress"]).toBe(false);
    expect(workflow.jobs.backup.steps.at(-1).run).toBe(COMMAND);
  });

  it("in cron run it soon after `at`, and hold no token", () => {
    const lines = readPage("examples/nightly-backups/crontab").split("\n");
    const jobs = lines.filter((line) => /^[\d*]/.test(line));
    expect(jobs).toHaveLength(1);
    expect(jobs[0]).toMatch(/^5 2 \* \* \* /);
    expect(jobs[0]).toContain("/nightly.sh");
    const { "nightly.sh": script } = nightlyFiles({ ...PROJECT, packages: PACKAGES });
    expect(readPage("examples/nightly-backups/nightly.sh")).toBe(script);
    expect(lines.join("\n")).not.toMatch(/UTHO_TOKEN=/);
  });
});
