import { renameSync, rmSync, writeFileSync } from "node:fs";
import { packageVersion } from "../package-version";
import { type Terminal, UsageError } from "../screen/terminal";
import { readStacks, type StackRead } from "../stack/exported";
import { readStateFile } from "../stack/file";
import { PulumiCli } from "../stack/pulumi-cli";
import type { StackState } from "../stack/state";
import { accountsOf, type ReportedAccount } from "./account";
import { buildReport } from "./builder";
import { askCloud, type Cloud, togetherOf, untoldCloud } from "./cloud";
import { type Output, readOutputs, render } from "./formats";
import { readBaseline, readFailOn, readIgnore, readMaxAge } from "./input";
import type { Report } from "./model";
import { ownedSnapshots } from "./owned";

/** The options of `pulumi-utho report`, as the command line gives them. */
export interface ReportFlags {
  stack?: string[];
  cwd?: string;
  state?: string[];
  account?: string;
  maxAge: string;
  format?: string[];
  out?: string;
  baseline?: string;
  ignore?: string;
  failOn: string;
}

/** Reads states, asks Utho, and writes the report. Every input is checked before anything is asked. */
export async function runReport(flags: ReportFlags, terminal: Terminal): Promise<Report> {
  const outputs = readOutputs(flags.format ?? [], flags.out);
  const options = {
    version: packageVersion(),
    maxAge: readMaxAge(flags.maxAge),
    failOn: readFailOn(flags.failOn),
    baseline: flags.baseline === undefined ? undefined : readBaseline(flags.baseline),
    ignore: flags.ignore === undefined ? [] : readIgnore(flags.ignore),
  };
  const reads = await readAll(flags, terminal);
  const states = reads.map(({ state }) => state);
  const accounts = accountsOf(reads, flags.account, terminal.env);
  const clouds = await Promise.all(accounts.map(lookAt));
  const report = buildReport(states, togetherOf(clouds), options);
  for (const output of outputs) await show(output, report, terminal);
  return report;
}

async function lookAt({ runtime, unknown, states }: ReportedAccount): Promise<Cloud> {
  const named = ownedSnapshots(states).flatMap(({ address }) => (address === undefined ? [] : [address]));
  return runtime === undefined ? untoldCloud(named, unknown) : askCloud(runtime, named);
}

async function readAll(
  { stack = [], state = [], cwd }: ReportFlags,
  terminal: Terminal,
): Promise<StackRead[]> {
  const fromFiles = state.map((file) => ({ state: readStateFile(file), config: undefined }));
  const wantsStacks = stack.length > 0 || state.length === 0;
  const fromStacks = wantsStacks
    ? await readStacks(new PulumiCli(cwd, terminal), cwd ?? ".", [...new Set(stack)])
    : [];
  return refuseTwice([...fromStacks, ...fromFiles]);
}

/** One stack given twice would own everything twice. */
function refuseTwice(reads: StackRead[]): StackRead[] {
  const seen = new Map<string, StackState>();
  for (const { state } of reads) {
    const key = `${state.project ?? state.origin}/${state.stack}`;
    const before = seen.get(key);
    if (before !== undefined) {
      throw new UsageError(`${before.origin} and ${state.origin} are both of stack ${key}; give it once`);
    }
    seen.set(key, state);
  }
  return reads;
}

async function show({ format, file }: Output, report: Report, terminal: Terminal): Promise<void> {
  const isFile = file !== undefined;
  const text = await render(format, report, isFile ? { color: false, width: undefined } : terminal);
  if (!isFile) return terminal.out(text.trimEnd());
  // Written beside and renamed: half a report could pass for a baseline.
  const unfinished = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`cannot write ${file}: ${reason}`, { cause });
  }
}
