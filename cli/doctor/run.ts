import type { Settings } from "../../provider/config";
import { ProviderFailure } from "../../provider/failure";
import { Ended, type Terminal } from "../screen/terminal";
import { StackAccess } from "../stack/access";
import { type AccountFlags, readAccountSettings, redactor } from "../stack/account";
import { readStateFile } from "../stack/file";
import { PulumiCli } from "../stack/pulumi-cli";
import type { StackState } from "../stack/state";
import { ApiChecks } from "./api";
import { Check, countsOf, type Finding } from "./finding";
import { checkLanguageHost, checkNode, checkPowerNotes, checkPulumiCli } from "./machine";
import { checkPackages } from "./packages";
import { checkProviders } from "./providers";
import { jsonText, screenLines } from "./screen";
import { checkState } from "./state";

/** The options of `pulumi-utho doctor`, after parsing. */
export interface DoctorFlags extends AccountFlags {
  state?: string;
  json?: boolean;
}

/** Runs all checks and shows what they found. @throws Ended with 1 for a problem */
export async function runDoctor(flags: DoctorFlags, terminal: Terminal): Promise<void> {
  const pulumi = new PulumiCli(flags.cwd, terminal);
  const machine = [
    checkNode(),
    await checkPulumiCli(pulumi),
    ...checkLanguageHost(terminal.env),
    ...checkPackages(flags.cwd ?? "."),
    await checkPowerNotes(terminal.env),
  ];
  const account = await checkAccount(flags, terminal);
  const states = await checkStates(flags, pulumi, terminal);
  const clean = redactor(account.settings);
  const findings = [...machine, ...account.findings, ...states].map((one) => cleaned(one, clean));
  if (flags.json === true) terminal.out(jsonText(findings));
  else for (const line of screenLines(findings, terminal)) terminal.out(line);
  if (countsOf(findings).problem > 0) throw new Ended(1);
}

interface AccountChecked {
  findings: Finding[];
  settings: Settings | undefined;
}

async function checkAccount(flags: AccountFlags, terminal: Terminal): Promise<AccountChecked> {
  const check = new Check("configuration", "Configuration");
  const source = flags.stack === undefined ? "from the environment" : "from the stack, then the environment";
  try {
    const settings = await readAccountSettings(flags, terminal);
    return { settings, findings: [check.ok(`readable, ${source}`), ...(await ApiChecks.run(settings))] };
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    const findings = [
      check.problem(toldWithoutNames(error), error.story.next),
      new Check("api", "Utho's API").skipped("there is no token to ask with"),
    ];
    return { settings: undefined, findings };
  }
}

async function checkStates(
  { stack, state }: DoctorFlags,
  pulumi: PulumiCli,
  terminal: Terminal,
): Promise<Finding[]> {
  const wanted: (() => Promise<StackState>)[] = [];
  if (stack !== undefined) wanted.push(() => new StackAccess(pulumi, stack).exportToAsk());
  if (state !== undefined) wanted.push(async () => readStateFile(state));
  if (wanted.length === 0)
    return [new Check("state", "State of a stack").skipped("none was given (--stack or --state)")];
  const found = await Promise.all(wanted.map((read) => checkOneState(read, terminal.env)));
  return found.flat();
}

async function checkOneState(read: () => Promise<StackState>, env: NodeJS.ProcessEnv): Promise<Finding[]> {
  try {
    const state = await read();
    return [...checkState(state), ...(await checkProviders(state, env))];
  } catch (error) {
    if (!(error instanceof ProviderFailure)) throw error;
    return [new Check("state", "State of a stack").problem(toldWithoutNames(error), error.story.next)];
  }
}

/** What Pulumi says names stacks, folders and users; it is left to the user's own screen. */
function toldWithoutNames({ code, story }: ProviderFailure): string {
  if (code !== "UTHO_STACK") return `${code}: ${story.because.replace(/\.$/, "")}`;
  return `${code}: it could not be read; \`pulumi stack\` in the program's folder, or a look at the file, shows why`;
}

function cleaned(finding: Finding, clean: (text: string) => string): Finding {
  const { detail, next } = finding;
  return { ...finding, detail: clean(detail), ...(next === undefined ? {} : { next: clean(next) }) };
}
