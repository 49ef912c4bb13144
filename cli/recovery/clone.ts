import { compact } from "../../client/compact";
import { machineTimeZone } from "../../client/time";
import { textOf } from "../../provider/engine/inputs";
import type { SnapshotInfo } from "../../provider/lookup/types";
import { Ended, type Terminal, UsageError } from "../screen/terminal";
import { folded } from "../screen/text";
import { connect } from "../stack/account";
import {
  agreed,
  confirmed,
  notEnded,
  optionsOf,
  type RecoveryAccount,
  type RecoveryFlags,
  readAccount,
  typed,
} from "./account";
import { historyOf, type Past } from "./history";
import { kindsBy } from "./listing";
import { OwnProject, projectFolder } from "./own-project";
import { requireDataCentre, sourceNamed } from "./pick";
import { cloneText } from "./words";

/** The options of `pulumi-utho clone`, after parsing. */
export interface CloneFlags extends RecoveryFlags {
  hostname: string;
  plan?: string;
  dcslug?: string;
  billingCycle?: string;
  sshKey?: string[];
  firewall?: string;
  vpc?: string;
  publicIp: boolean;
  cpuModel?: string;
  auth?: string;
}

/** One call of the command, with all that it found. */
interface Call {
  account: RecoveryAccount;
  project: OwnProject;
  past: Past | undefined;
  flags: CloneFlags;
  /** The command line without what it is to do. */
  line: string;
  terminal: Terminal;
}

/**
 * Makes a server from a snapshot by a Pulumi project of its own, or destroys the one that it made.
 *
 * Errors: `UTHO_STACK`, `UTHO_CANCELLED`, and those of talking to Utho.
 */
export async function runClone(word: string, flags: CloneFlags, terminal: Terminal): Promise<void> {
  const { hostname } = flags;
  if (!/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(hostname))
    throw new UsageError(`--hostname: "${hostname}" is no hostname`);
  const account = await readAccount(flags, terminal);
  const place = { kind: "clones", name: hostname, account, env: terminal.env } as const;
  const project = new OwnProject(projectFolder(flags.folder, place), account, terminal);
  const past = historyOf(project.declared(), await project.state()).at(-1);
  const line = `${typed(`clone ${word}`, flags, terminal.env)} --hostname ${hostname}`;
  const call = { account, project, past, flags, line, terminal };
  if (flags.undo === true) return destroy(call);
  if (past?.state === "done") {
    terminal.err("That was done before, so nothing is done now.");
    return say(call, past);
  }
  await clone(call, word);
}

async function clone(call: Call, word: string): Promise<void> {
  const { account, project, past, flags, terminal } = call;
  const timeZone = flags.timeZone ?? machineTimeZone();
  const source = String(past?.declared.args.snapshot ?? word);
  const snapshot = sourceNamed(source, flags.to ?? "newest", account.view, {
    ...{ now: Date.now(), timeZone },
    kindOf: kindsBy(account.state === undefined ? [] : [account.state]),
  });
  const planId = textOf(past?.declared.args.planId) ?? flags.plan;
  if (planId === undefined) throw await noPlan(snapshot, account);
  // What a run has begun goes on as it was begun.
  const args = past === undefined ? argsOf(snapshot, planId, flags) : begunWith(past, flags);
  if (past?.state !== "unfinished") requireDataCentre(snapshot, args.dcslug, account.view.servers);
  const text = cloneText(snapshot, { hostname: flags.hostname, planId }, timeZone);
  for (const one of folded(text, terminal.width)) terminal.err(one);
  await project.write("clone", [{ type: "ServerClone", name: "clone-1", args }]);
  const again = `${call.line} ${cloneOptions(word, snapshot.id, planId, flags)} --yes`;
  if (!(await confirmed(project, `Make ${flags.hostname}?`, flags, terminal))) {
    if (past === undefined) await project.remove();
    if (flags.json === true) print(call, { state: "planned", text, snapshot: snapshot.id });
    return terminal.err(`Nothing was made. To do it: ${again}`);
  }
  await project.up();
  const ended = historyOf(project.declared(), await project.state()).at(-1);
  if (ended?.state !== "done") throw notEnded(`make ${flags.hostname}`, project, again);
  await say(call, ended);
}

/** All that decides what is made: a command that is typed again must not make another server. */
export function cloneOptions(word: string, id: string, plan: string, flags: CloneFlags): string {
  const { dcslug, billingCycle, sshKey = [], firewall, vpc, publicIp, cpuModel, auth } = flags;
  const given = { dcslug, "billing-cycle": billingCycle, firewall, vpc, "cpu-model": cpuModel, auth };
  return [
    ...optionsOf({ to: word === id ? undefined : id, plan, ...given }),
    ...sshKey.flatMap((key) => optionsOf({ "ssh-key": key })),
    ...(publicIp ? [] : ["--no-public-ip"]),
  ].join(" ");
}

/** The data centre may be added where it was missing: without it the run cannot be ended once the server is gone. */
function begunWith({ declared: { args }, state }: Past, { dcslug }: CloneFlags): Record<string, unknown> {
  return state === "interrupted" ? compact({ dcslug, ...args }) : args;
}

function argsOf({ id }: SnapshotInfo, planId: string, flags: CloneFlags): Record<string, unknown> {
  const { hostname, dcslug, billingCycle, sshKey, firewall, vpc, publicIp, cpuModel, auth } = flags;
  return compact({
    ...{
      snapshot: id,
      hostname,
      planId,
      dcslug,
      billingCycle,
      sshKeys: sshKey,
      firewall,
      vpcId: vpc,
      cpuModel,
      auth,
    },
    enablePublicIp: publicIp ? undefined : false,
  });
}

async function noPlan({ id, snapshotId }: SnapshotInfo, { settings }: RecoveryAccount): Promise<UsageError> {
  const client = await connect(settings);
  const plans = await client.plans.listForSnapshot(snapshotId).catch(() => []);
  const list = plans
    .map((one) => (one.diskGb === undefined ? one.id : `${one.id} (${one.diskGb} GB)`))
    .join(", ");
  const hint = list === "" ? "Utho's console shows the plans" : `these hold snapshot ${id}: ${list}`;
  return new UsageError("--plan is missing", { next: `name one of Utho's plans: ${hint}` });
}

/** Reports the server, by what it does now. @throws Ended where it is not there any more */
async function say(call: Call, { outputs }: Past): Promise<void> {
  const { terminal, flags, project, line } = call;
  const cloudId = textOf(outputs.cloudId) ?? "";
  const { view } = await readAccount(flags, terminal);
  const server = view.servers.get(cloudId);
  if (flags.json === true)
    print(call, { state: server === undefined ? "gone" : "done", cloudId, ip: server?.ip });
  else if (server !== undefined) {
    const lines = [
      `${flags.hostname} (${cloudId}) is ${server.powerStatus ?? "there"}${server.ip === undefined ? "" : ` at ${server.ip}`}. Logins are those of the snapshot's server.`,
      `Destroy it: ${line} --undo`,
      `Its project, with the password that Utho set, is ${project.folder}`,
    ];
    for (const one of lines.flatMap((text) => folded(text, terminal.width))) terminal.out(one);
  }
  if (server !== undefined) return;
  terminal.err(`${flags.hostname} (${cloudId}) is gone. ${line} --undo removes its project.`);
  throw new Ended(1);
}

function print({ flags, project, terminal }: Call, clone: Record<string, unknown>): void {
  const report = { schemaVersion: 1, hostname: flags.hostname, folder: project.folder, clone };
  terminal.out(JSON.stringify(report, null, 2));
}

async function destroy(call: Call): Promise<void> {
  const { project, past, flags, terminal, line } = call;
  if (past === undefined) {
    throw new UsageError(`nothing to undo: ${project.folder} knows no clone`, {
      next: "give the --hostname and --folder that it was made with, or destroy the server in Utho's console",
    });
  }
  if (past.state === "interrupted") {
    throw new UsageError("the run that made it was interrupted, so the server is not known", {
      next: `\`${line} --yes\` with the options it was begun with ends it, and then --undo destroys it`,
    });
  }
  const cloudId = textOf(past.outputs.cloudId) ?? "";
  const text = `Server ${flags.hostname} (${cloudId}) will be destroyed, with its disk and all that was written to it.`;
  for (const one of folded(text, terminal.width)) terminal.err(one);
  if (!(await agreed("Go on?", flags, terminal)))
    return terminal.err(`Nothing was changed. To do it: ${line} --undo --yes`);
  if ((await project.destroy()) !== 0)
    throw notEnded(`destroy ${flags.hostname}`, project, `${line} --undo --yes`);
  await project.remove();
  if (flags.json === true) print(call, { state: "destroyed", cloudId });
  terminal.err("Done.");
}
