// All parts at once by the Automation API, a few at a time, and one report over all of them.
import { spawnSync } from "node:child_process";
import { LocalWorkspace } from "@pulumi/pulumi/automation";

const { PARTS = "4", FEWEST = "1" } = process.env;
/** Utho allows so many requests to all of them together. */
const AT_ONCE = 4;

async function update(stackName: string): Promise<string | undefined> {
  try {
    const stack = await LocalWorkspace.createOrSelectStack({ stackName, workDir: __dirname });
    await stack.setConfig("many-servers:parts", { value: PARTS });
    await stack.setConfig("many-servers:fewest", { value: FEWEST });
    const { stdout } = await stack.up({ suppressProgress: true, suppressOutputs: true, color: "never" });
    console.log(stdout.replace(/^(?=.)/gm, `${stackName}: `));
    return undefined;
  } catch (error) {
    return `${stackName}: ${error instanceof Error ? error.message : error}`;
  }
}

async function main(): Promise<void> {
  const names = Array.from({ length: Number(PARTS) }, (_, index) => `part-${index + 1}`);
  const waiting = [...names];
  const failed: string[] = [];
  const worker = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const problem = await update(name);
      if (problem !== undefined) failed.push(problem);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const problem of failed) console.error(problem);
  const stacks = names.flatMap((name) => ["--stack", name]);
  const options = ["--format", "brief", "--fail-on", "drift,missing,failed,interrupted,uncovered,stale"];
  const command = ["--no", "pulumi-utho", "report", ...stacks, "--max-age", "26h", ...options];
  const report = spawnSync("npx", command, { stdio: "inherit" });
  process.exitCode = failed.length > 0 ? 1 : (report.status ?? 1);
}

void main();
