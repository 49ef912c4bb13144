import { execFileSync } from "node:child_process";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { SHELLS, type Shell } from "../../../cli/completion/shell";
import { buildProgram, run } from "../../../cli/program";
import { errorLine } from "../../../cli/screen/errors";
import { colorsWanted } from "../../../cli/screen/terminal";
import { ProviderFailure } from "../../../provider/failure";
import { session } from "../../support/terminal";

/** Every command with the words that lead to it. */
function commandsOf(command: Command, route: string[] = []): { command: Command; route: string[] }[] {
  return [{ command, route }, ...command.commands.flatMap((one) => commandsOf(one, [...route, one.name()]))];
}

const commands = commandsOf(buildProgram(session().terminal));

async function printed(...args: string[]): Promise<string> {
  const { terminal, out } = session();
  expect(await run(args, terminal)).toBe(0);
  return out.join("\n");
}

describe("every command", () => {
  it.each(commands.map(({ command, route }) => [route.join(" "), { command, route }] as const))(
    "shows in its help all that it takes: %s",
    async (_name, { command, route }) => {
      const help = await printed(...route, "--help");
      for (const { long, description } of command.options) {
        expect(help).toContain(long ?? "none");
        expect(description, long).not.toBe("");
      }
      for (const one of command.commands) expect(help).toContain(`${one.name()} `);
      expect(command.description()).not.toBe("");
      expect(route.length === 0 || command.summary() !== "").toBe(true);
    },
  );

  it.each(SHELLS)("stands in the completion of %s with all that it takes", async (shell) => {
    const script = await printed("completion", shell);
    for (const { command, route } of commands) {
      expect(script).toContain(["pulumi-utho", ...route].join(" "));
      for (const { long } of command.options) {
        expect(script).toContain(shell === "fish" ? `-l ${long?.slice(2)}` : long);
      }
    }
  });
});

function installed(shell: string): boolean {
  try {
    execFileSync(shell, ["-c", "exit 0"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Lets the shell itself complete a line; what it offers, sorted. */
async function completed(shell: Shell, line: string): Promise<string[]> {
  const script = await printed("completion", shell);
  const words = line.split(" ");
  const ask = {
    bash: `${script}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")})\nCOMP_CWORD=${words.length - 1}\n_pulumi_utho\nprintf '%s\\n' "\${COMPREPLY[@]}"`,
    zsh: `compdef() { :; }\n_describe() { print -l -- "\${(P@)argv[-1]}"; }\n_files() { print -- files; }\n${script}\nwords=(${words.map((word) => `'${word}'`).join(" ")})\nCURRENT=${words.length}\n_pulumi_utho`,
    fish: `${script}\ncomplete -C '${line}'`,
  }[shell];
  const offered = execFileSync(shell, ["-c", ask], {
    encoding: "utf8",
    env: { PATH: process.env.PATH, HOME: "/nonexistent" },
  });
  return offered
    .split("\n")
    .map((word) => word.split(/[\t:]/)[0] ?? "")
    .filter((word) => word !== "")
    .sort();
}

describe.each(SHELLS)("the completion of %s", (shell) => {
  it.skipIf(!installed(shell))(
    "offers commands, options and words at their places, if that shell is installed here",
    async () => {
      expect(await completed(shell, "pulumi-utho ")).toEqual(
        expect.arrayContaining(["completion", "help", "simulator"]),
      );
      const options = await completed(shell, "pulumi-utho simulator --");
      expect(options).toEqual(expect.arrayContaining(["--help", "--host", "--port", "--quiet", "--seed"]));
      expect(options).not.toContain("--version");
      expect(await completed(shell, "pulumi-utho completion ")).toEqual(expect.arrayContaining([...SHELLS]));
      expect(await completed(shell, "pulumi-utho simulator --token ")).not.toContain("--port");
    },
  );
});

describe("mistakes on the command line: one line, exit code 2", () => {
  it.each([
    [
      ["simulater"],
      "error: unknown command 'simulater'; next: did you mean simulator? See `pulumi-utho --help`",
    ],
    [["xyz"], "error: unknown command 'xyz'; next: see `pulumi-utho --help`"],
    [
      ["simulator", "--prot", "1"],
      "error: unknown option '--prot'; next: did you mean --port? See `pulumi-utho simulator --help`",
    ],
    [
      ["completion", "tcsh"],
      "error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish; next: see `pulumi-utho completion --help`",
    ],
    [["completion"], "error: missing required argument 'shell'; next: see `pulumi-utho completion --help`"],
  ])("%s", async (args, line) => {
    const { terminal, out, err } = session();
    expect(await run(args, terminal)).toBe(2);
    expect([out, err]).toEqual([[], [line]]);
  });
});

describe("an error", () => {
  it("is folded on a screen, and nowhere else", async () => {
    const { terminal, err } = session({ width: 40 });
    await run(["simulater"], terminal);
    expect(err.length).toBeGreaterThan(1);
    expect(err.join(" ")).toBe(
      "error: unknown command 'simulater'; next: did you mean simulator? See `pulumi-utho --help`",
    );
  });

  const story = {
    attempted: "do it",
    because: "the cloud\u001b[2J did not\nwant to.",
    said: "no, my-token",
    kept: "all.",
    next: "ask again.",
  };

  it("of the provider is one line with its code, without control characters and without the token", () => {
    const line = errorLine(new ProviderFailure({ code: "UTHO_BUSY", ...story }), "", {
      UTHO_TOKEN: "my-token",
    });
    expect(line).toBe(
      "error: UTHO_BUSY could not do it: the cloud [2J did not want to. Utho said: no, [redacted]. Kept: all; next: ask again. (docs/errors.md#utho_busy)",
    );
  });
});

describe("colours", () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: "1" }, true, false],
    [{ NO_COLOR: "" }, true, true],
    [{ NO_COLOR: "1", FORCE_COLOR: "1" }, true, false],
    [{ FORCE_COLOR: "1" }, false, true],
    [{ FORCE_COLOR: "" }, false, true],
    [{ FORCE_COLOR: "0" }, true, false],
    [{ TERM: "dumb" }, true, false],
    [{ TERM: "dumb", FORCE_COLOR: "1" }, false, true],
  ])("with %j, on a screen %s: %s", (env, isScreen, wanted) => {
    expect(colorsWanted(env, isScreen)).toBe(wanted);
  });

  it("are in the help where they are wanted, and nowhere else", async () => {
    const colored = session({ color: true });
    await run(["--help"], colored.terminal);
    expect(colored.out.join("\n")).toContain("\u001b[1mUsage:\u001b[0m");
    expect(await printed("--help")).not.toContain("\u001b");
  });

  it.each(commands.map(({ route }) => [route.join(" "), route] as const))(
    "are no wider than the screen in the help of %s",
    async (_name, route) => {
      const narrow = session({ width: 80 });
      await run([...route, "--help"], narrow.terminal);
      const lines = narrow.out.join("\n").split("\n");
      expect(lines.filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it("go with a width: help is folded to it", async () => {
    const narrow = session({ width: 40 });
    await run(["simulator", "--help"], narrow.terminal);
    const wide = await printed("simulator", "--help");
    expect(narrow.out.join("\n").split("\n").length).toBeGreaterThan(wide.split("\n").length);
  });
});
