import { spawn } from "node:child_process";
import { StringDecoder } from "node:string_decoder";

/**
 * Runs a program to its end and never throws: what went wrong is part of the answer.
 * `onLine` gets each line of standard error as it comes.
 * @returns {Promise<{code: number | null, stdout: string, stderr: string, problem?: string}>}
 */
export function run(file, args, { cwd, env, timeoutMs, onLine, signal } = {}) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr, onLine);
    let stopped;
    const stop = (reason) => {
      stopped = reason;
      // SIGINT lets `go build` end its compilers and remove its own temporary files.
      child.kill("SIGINT");
      setTimeout(() => child.kill("SIGKILL"), 5_000).unref();
    };
    const onAbort = () => stop("interrupted");
    const timer = timeoutMs && setTimeout(() => stop(`no end after ${timeoutMs / 1000} s`), timeoutMs);
    signal?.addEventListener("abort", onAbort, { once: true });
    const settle = (code, problem) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
      resolve({ code, stdout: stdout.text(), stderr: stderr.text(), problem });
    };
    child.once("error", (error) => settle(null, `could not be started: ${error.message}`));
    child.once("close", (code, death) => settle(code, stopped ?? failureOf(code, death)));
  });
}

function failureOf(code, death) {
  if (death !== null) {
    return `ended by ${death}`;
  }
  return code === 0 ? undefined : `exit code ${code}`;
}

function collect(stream, onLine) {
  const decoder = new StringDecoder("utf8");
  let all = "";
  let line = "";
  stream.on("data", (chunk) => {
    const text = decoder.write(chunk);
    all += text;
    if (onLine === undefined) {
      return;
    }
    const lines = (line + text).split(/\r?\n/);
    line = lines.pop() ?? "";
    for (const complete of lines) {
      onLine(complete);
    }
  });
  return { text: () => all };
}
