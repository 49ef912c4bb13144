import { spawn } from "node:child_process";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../simulator";
import { ShiftedClock } from "../support/shifted-clock";
import { Project } from "./project";
import { isReady } from "./shared";

interface Ended {
  code: number | null;
  output: string;
}

const HOUR = 3_600_000;
const SILENT: Ended = { code: 0, output: "" };
/** Asks something that never answers, before it declares anything. */
const HANGING = "setInterval(() => {}, 1000);\nmodule.exports = () => new Promise(() => {});\n";

describe.skipIf(!isReady())("what `pulumi-utho init nightly` of the packed package writes, by cron", () => {
  let simulator: Simulator;
  let project: Project;
  let clock: ShiftedClock;
  let beats = 0;
  let heartbeat = "";
  const heart = createServer((_request, answer) => {
    beats += 1;
    answer.end();
  });

  beforeEach(async () => {
    clock = new ShiftedClock("2026-11-22T19:32:00Z");
    const settings = { snapshotDurationMs: 50 };
    simulator = await startSimulator({
      ...{ clock: clock.clock, settings },
      servers: [
        { cloudId: "1001", hostname: "web-1" },
        { cloudId: "1002", hostname: "db-1" },
      ],
    });
    project = new Project();
    await new Promise<void>((done) => heart.listen(0, "127.0.0.1", done));
    const place = heart.address();
    heartbeat = `http://127.0.0.1:${typeof place === "object" ? place?.port : ""}`;
  });
  afterEach(async () => {
    project.dispose();
    heart.close();
    await simulator.close();
    clock.dispose();
  });

  it("is silent on a week's good nights; the mail of each bad one says what happened, to which snapshot, what to do", async () => {
    const { cloud, faults, requests } = simulator;
    const job = await initialised();
    const index = join(project.folder, "backups/index.js");
    const program = readFileSync(index, "utf8");
    const count = (cloudId: string) => cloud.snapshots(cloudId).length;
    const night = (env?: NodeJS.ProcessEnv, before = "") => mail(`${before}${job}`, env);
    /** Four hours after the night; then the next one comes. */
    const morning = async (): Promise<Ended> => {
      clock.advance(simulator, 4 * HOUR);
      const check = await mail(`${job} check`, { NIGHTLY_HEARTBEAT: heartbeat });
      clock.advance(simulator, 20 * HOUR);
      return check;
    };

    // Monday: all is well.
    expect(await night()).toEqual(SILENT);
    expect(await morning()).toEqual(SILENT);
    expect([count("1001"), count("1002"), beats]).toEqual([1, 1, 1]);

    // Tuesday: a snapshot was deleted in Utho's console. Each mail says it, until a person acknowledges it as advised.
    const [lost] = cloud.snapshots("1002");
    cloud.deleteSnapshot(lost?.id ?? "");
    const loss = new RegExp(
      `^1 finding to look at\\. .*\n\ndb-1: 1002/${lost?.id} of 22 Nov \\d\\d:\\d\\d UTC was deleted outside .*\n  → .*\`(acknowledgeLosses: \\["1002/${lost?.id}"\\])\` in nightly`,
    );
    const deleted = await night();
    isMail(
      deleted,
      loss,
      /\nWarnings of stack prod:\nSnapshot db-1 1002\/\d+ of .* is no longer in the rotation/,
    );
    isMail(await morning(), loss);
    writeFileSync(index, program.replace("every:", `${loss.exec(deleted.output)?.[1]},\n  every:`));

    // Wednesday: Utho refuses one server's.
    const refusing = { phase: "before", kind: { status: 403 }, times: "always" } as const;
    faults.add({ ...refusing, operation: "snapshot.create", cloudId: "1001" });
    isMail(
      await night(),
      loss,
      /\nFAILED on \S+, stack prod: pulumi up ended with \d+\. Not all snapshots .* Correct what it names, and run \.\/nightly\.sh again\./,
      /1 of 2 servers failed: web-1 \(1001\): UTHO_\w+: [\s\S]*Next: +\w/,
    );
    faults.clear();
    isMail(
      await morning(),
      /^1 finding to look at\. .*\n\nweb-1 \(1001\): its newest .* is 1d 4h old, more than 1d 2h\n {2}→ .*`pulumi up` takes/,
    );
    // Thursday: it is run again, as was advised.
    expect(await night()).toEqual(SILENT);
    expect(await morning()).toEqual(SILENT);

    // Friday: the program hangs, and another run finds the lock held meanwhile.
    writeFileSync(index, HANGING);
    isMail(
      await night({ NIGHTLY_LIMIT: "4s" }),
      /^FAILED .* did not end within 4s and was stopped\. Not all snapshots .* Run \.\/nightly\.sh again/,
    );
    isMail(
      await night({ NIGHTLY_LOCK_WAIT: "0" }, `flock ${project.folder}/backups/.nightly.lock `),
      /^FAILED .* an earlier run holds the lock .*, and no snapshot was taken\. See what it waits for/,
    );
    writeFileSync(index, program);
    const stale =
      /^2 findings to look at\. .*\n\ndb-1 \(1002\): its newest .* old, more than 1d 2h\nweb-1 \(1001\): its newest .*\n {2}→ /;
    isMail(await morning(), stale);

    // Saturday: the token has expired.
    faults.add({ ...refusing, operation: "*", kind: { status: 401 } });
    const expired =
      /^FAILED .* says nothing about the snapshots\. This is no all-clear: correct what it names.*\nerror: UTHO_AUTH\w* .*; next: /;
    isMail(await night(), expired, /\nFAILED .* pulumi up ended with \d+\. [\s\S]*UTHO_AUTH/);
    isMail(await morning(), expired);
    faults.clear();

    // Sunday: the disk is full. Nothing is begun that could not be recorded, and the state stays whole.
    requests.clear();
    isMail(
      await night({}, "trap '' XFSZ; ulimit -f 4; "),
      /^FAILED .* the state could not be copied, and no snapshot was taken\. .* \(is the disk full\?\), and run .*\n.*file too large/,
    );
    expect(requests.count("snapshot.create")).toBe(0);
    isMail(await morning(), stale);

    // Monday: nothing ran, and nothing but the check says so. No heartbeat was sent since Thursday.
    isMail(await morning(), stale);
    expect(beats).toBe(2);

    // Tuesday: all is well again, but for the heartbeat at first.
    expect(await night()).toEqual(SILENT);
    isMail(
      await mail(`${job} check`, { NIGHTLY_HEARTBEAT: "http://127.0.0.1:1" }),
      /\nFAILED .* the heartbeat could not be sent/,
    );
    expect(await morning()).toEqual(SILENT);
    expect(beats).toBe(3);
    expect(await mail(`${job} odd`)).toMatchObject({ code: 2 });
    expect([count("1001"), count("1002")]).toEqual([4, 4]);
  }, 600_000);

  function isMail({ code, output }: Ended, ...says: readonly RegExp[]): void {
    expect(code, output).toBe(1);
    for (const pattern of says) expect(output).toMatch(pattern);
  }

  /** Makes the project as the page says, and gives the line of cron for the night. */
  async function initialised(): Promise<string> {
    const dependencies = { ...project.pulumi, ...project.ours };
    project.write({ "package.json": { name: "p", private: true, dependencies } });
    await project.npm();
    const init = await asCron(
      `cd ${project.folder} && npx --no pulumi-utho init nightly backups --server web-1 --server db-1 --at 01:02 --time-zone Asia/Kolkata --yes --package file:${project.made.tarball}`,
      {
        ...home(),
        ...{ UTHO_TOKEN: simulator.token, UTHO_ENDPOINT: simulator.url },
        npm_config_cache: process.env.npm_config_cache ?? join(process.env.HOME ?? "", ".npm"),
        npm_config_prefer_offline: "true",
        PATH: `${process.env.PULUMI_UTHO_TEST_ENGINE}:${process.env.PATH}`,
      },
    );
    expect(init.code, init.output).toBe(0);
    expect(init.output).toContain("takes 2 (on web-1 (1001), db-1 (1002)), deletes nothing");
    expect(simulator.cloud.snapshots()).toEqual([]);
    const files = await project.command("sh", [
      "-c",
      `grep -rl ${simulator.token} backups --exclude-dir=node_modules || true`,
    ]);
    expect(files).toBe("");
    const quick = "  utho:pollInterval: 50ms\n  utho:listingLag: 500ms\n";
    appendFileSync(join(project.folder, "backups/Pulumi.prod.yaml"), quick);
    const [line = ""] = init.output.split("\n").filter((text) => text.startsWith("2 1 * * *"));
    return line.replace(/^2 1 \* \* \* {2}/, "");
  }

  function home() {
    return { HOME: project.folder, PULUMI_HOME: join(project.folder, "home") };
  }

  /** What cron would mail: a screen at most, and never a secret. */
  async function mail(command: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const ended = await asCron(command, { ...home(), ...clock.env, PATH: "/usr/bin:/bin", ...env });
    expect(ended.output).not.toContain(simulator.token);
    expect(ended.output.split("\n").length).toBeLessThan(40);
    return ended;
  }
});

/** What cron gives a job, and what it hands to its mail. */
function asCron(command: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(command, { shell: "/bin/sh", cwd: "/", env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => (output += bytes.toString()));
  return new Promise((done) => child.on("close", (code) => done({ code, output })));
}
