import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const REPOSITORY = resolve(__dirname, "../..");

/** What a reader sees, in this order; each text stands before the command that it explains. */
const STORY = [
  "no account is needed, nothing costs anything",
  "A simulated Utho listens at http://127.0.0.1:",
  "$ pulumi stack init dev",
  "$ pulumi config set-all",
  "new utho.Snapshot(hostname, { cloudId })",
  "1 of 6: take the snapshots",
  "`pulumi up` runs the program",
  "$ pulumi up --yes",
  "+ 3 created",
  "2 of 6: the same again",
  "no second snapshot is taken",
  "$ pulumi up --yes",
  "3 unchanged",
  "3 of 6: a backup goes missing",
  "someone has just deleted the snapshot of web-1",
  "$ pulumi refresh --preview-only --expect-no-changes",
  "- 1 to delete",
  "The exit code was 7",
  "4 of 6: repair it",
  "takes a new one",
  "$ pulumi up --refresh --yes",
  "+ 1 created",
  "5 of 6: what there is now",
  "$ pulumi stack output snapshots --json",
  "Name Server Created (UTC) Size A month",
  "50 GB ₹200",
  "80 GB ₹320",
  "6 of 6: remove everything",
  "$ pulumi destroy --yes",
  "- 3 deleted",
  "Done in",
  "$ pulumi config set --secret utho:token <token>",
];

interface Ended {
  code: number | null;
  output: string;
}

interface Quickstart {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Settles once the output holds this text. */
  says(text: string): Promise<void>;
}

describe("the quickstart", () => {
  /** Stands for the user's home, with a Pulumi login in it that must stay as it is. */
  let home: string;
  let temporary: string;
  /** In the environment of every process that the quickstart starts. */
  let mark: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "quickstart-user-"));
    temporary = join(home, "tmp");
    mkdirSync(temporary);
    mkdirSync(join(home, ".pulumi"));
    writeFileSync(join(home, ".pulumi", "credentials.json"), '{"current":"https://pulumi.invalid"}');
    mark = randomUUID();
  });

  afterEach(() => rmSync(home, { recursive: true, force: true }));

  function start(): Quickstart {
    const engine = process.env.PULUMI_UTHO_TEST_ENGINE ?? "";
    const env = {
      ...process.env,
      HOME: home,
      TMPDIR: temporary,
      PATH: `${engine}${delimiter}${process.env.PATH ?? ""}`,
      PULUMI_UTHO_ENGINE: "path",
      // A user's own settings, none of which may count.
      PULUMI_HOME: join(home, ".pulumi"),
      PULUMI_BACKEND_URL: "https://pulumi.invalid",
      PULUMI_ACCESS_TOKEN: "their-token",
      PULUMI_STACK: "theirs",
      UTHO_TOKEN: "their-utho-token",
      UTHO_ENDPOINT: "https://utho.invalid/v2",
      QUICKSTART_TEST_MARK: mark,
    };
    const child = spawn(process.execPath, ["tools/quickstart.mjs"], { cwd: REPOSITORY, env, stdio: "pipe" });
    return follow(child);
  }

  function expectNothingLeft(): void {
    expect(readdirSync(temporary)).toEqual([]);
    expect(readdirSync(join(home, ".pulumi"))).toEqual(["credentials.json"]);
    expect(readFileSync(join(home, ".pulumi", "credentials.json"), "utf8")).toBe(
      '{"current":"https://pulumi.invalid"}',
    );
    expect(processesMarked(mark)).toEqual([]);
    expect(projectFiles()).toEqual(before);
  }

  const before = projectFiles();

  it("takes everything back when it is interrupted, and then runs, also twice at once", async () => {
    const interrupted = start();
    await interrupted.says("creating snapshot dev-web-1");
    interrupted.child.kill("SIGINT");
    const { code, output } = await interrupted.ended;
    expect(code, output).toBe(130);
    expect(flat(output)).toContain("Interrupted. The simulated account and the temporary folder are removed");
    expectNothingLeft();

    const runs = await Promise.all([start().ended, start().ended]);
    for (const run of runs) {
      expect(run.code, run.output).toBe(0);
      expect(run.output).not.toContain("\u001b");
      expectInOrder(flat(run.output), STORY);
    }
    expectNothingLeft();
  }, 500_000);

  it("ends with the reason when there is no engine", async () => {
    const env = {
      ...process.env,
      PATH: join(home, "nothing"),
      PULUMI_UTHO_ENGINE: "path",
      TMPDIR: temporary,
    };
    const child = spawn(process.execPath, ["tools/quickstart.mjs"], { cwd: REPOSITORY, env, stdio: "pipe" });
    const { code, output } = await follow(child).ended;
    expect(code).toBe(1);
    expect(output).toContain("No usable Pulumi engine");
    expect(output).not.toContain(" at ");
    expectNothingLeft();
  });
});

function follow(child: ChildProcess): Quickstart {
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (bytes: Buffer) => {
      output += bytes.toString();
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<Ended>((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done({ code, output }));
  });
  const says = (text: string): Promise<void> =>
    new Promise((done, fail) => {
      const look = (): void => {
        if (output.includes(text)) done();
      };
      listeners.add(look);
      look();
      void ended.then(() => fail(new Error(`It ended without "${text}":\n${output}`)));
    });
  return { child, ended, says };
}

/** On one line, since the text is wrapped to the terminal. */
function flat(text: string): string {
  return text.replace(/\s+/g, " ");
}

function expectInOrder(text: string, parts: readonly string[]): void {
  let from = 0;
  for (const part of parts) {
    const at = text.indexOf(part, from);
    expect(at, `"${part}" after "${text.slice(Math.max(0, from - 60), from)}"`).toBeGreaterThanOrEqual(0);
    from = at + part.length;
  }
}

/** Processes with the mark in their environment; none where the system does not show them (/proc). */
function processesMarked(mark: string): string[] {
  if (!existsSync("/proc/self/environ")) return [];
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark);
    } catch {
      return false;
    }
  });
}

/** What git says of the places where a Pulumi CLI that runs this project could write. */
function projectFiles(): string[] {
  const places = ["examples", "Pulumi*", ".pulumi"];
  const args = ["status", "--porcelain", "--untracked-files=all", "--", ...places];
  return execFileSync("git", args, { cwd: REPOSITORY, encoding: "utf8" }).split("\n");
}
