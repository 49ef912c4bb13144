import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { endTree } from "./tree.mjs";

/** How long an interrupted command may take to end what it has begun. */
const PATIENCE_MS = 15_000;

/** Signs of life that a log does not need. */
const NOISE = /^@ \w+ing\b/;

/**
 * The Pulumi CLI in a workspace. On a terminal it gets the terminal, with its live display; elsewhere its lines are
 * passed on as they come.
 */
export function createPulumi({ workspace, screen, interruption }) {
  const options = { cwd: workspace.folder, env: environmentFor(workspace.env, screen) };

  /** Shows the command, runs it, and gives its exit code. */
  async function show(...args) {
    interruption.polite.throwIfAborted();
    screen.command(["pulumi", ...args]);
    return screen.isTerminal ? runOnTerminal(args) : runPiped(args, lineFilter(screen));
  }

  /** Runs a command and gives what it prints. */
  async function read(...args) {
    interruption.polite.throwIfAborted();
    const lines = [];
    const code = await runPiped(args, (line) => lines.push(line));
    if (code !== 0) throw new Error(`\`pulumi ${args.join(" ")}\` ended with exit code ${code}.`);
    return lines.join("\n");
  }

  function runOnTerminal(args) {
    // A Ctrl-C reaches the child through the terminal, as it reaches us.
    return finish(spawn("pulumi", args, { ...options, stdio: "inherit" }), { hearsTerminal: true });
  }

  function runPiped(args, onLine) {
    const detached = process.platform !== "win32";
    const child = spawn("pulumi", args, { ...options, detached, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", onLine);
    return finish(child, { hearsTerminal: false });
  }

  function finish(child, { hearsTerminal }) {
    const { polite, impatient } = interruption;
    return new Promise((resolve, reject) => {
      let timer;
      const end = () => endTree(child.pid);
      const onPolite = () => {
        if (!(hearsTerminal && interruption.byCtrlC())) child.kill("SIGINT");
        timer = setTimeout(end, PATIENCE_MS);
      };
      polite.addEventListener("abort", onPolite, { once: true });
      impatient.addEventListener("abort", end, { once: true });
      child.once("error", reject);
      child.once("close", (code) => {
        clearTimeout(timer);
        polite.removeEventListener("abort", onPolite);
        impatient.removeEventListener("abort", end);
        if (polite.aborted) reject(polite.reason);
        else resolve(code);
      });
    });
  }

  return { show, read };
}

function environmentFor(env, screen) {
  return screen.isTerminal ? env : { ...env, PULUMI_OPTION_COLOR: "never" };
}

/** Passes lines on without the noise, and without runs of blank lines. */
function lineFilter(screen) {
  let blank = true;
  return (line) => {
    if (NOISE.test(line)) return;
    const isBlank = line.trim() === "";
    if (!(isBlank && blank)) screen.line(line.trimEnd());
    blank = isBlank;
  };
}
