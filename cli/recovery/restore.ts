import { machineTimeZone } from "../../client/time";
import { textOf } from "../../provider/engine/inputs";
import type { ServerInfo, SnapshotInfo } from "../../provider/lookup/types";
import { isRunning, statusOf } from "../../provider/utho/status";
import { Ended, type Terminal, UsageError } from "../screen/terminal";
import { folded } from "../screen/text";
import type { StackState } from "../stack/state";
import { serverNamed, viewAccount } from "../stack/view";
import {
  agreed,
  confirmed,
  notEnded,
  type RecoveryAccount,
  type RecoveryFlags,
  readAccount,
  typed,
} from "./account";
import { historyOf, nextName, type Past } from "./history";
import { kindsBy, listed, listedLines } from "./listing";
import { OwnProject, projectFolder } from "./own-project";
import { goneServer, snapshotAt } from "./pick";
import { doneLines, listingHints, overwriteText, type Restored, savedText } from "./words";

/** The options of `pulumi-utho restore`, after parsing. */
export interface RestoreFlags extends RecoveryFlags {
  again?: boolean;
  done?: boolean;
}

/** One call of the command, with all that it found. */
interface Call {
  server: ServerInfo;
  snapshots: readonly SnapshotInfo[];
  past: readonly Past[];
  /** States that say why a snapshot is there: of the user's stack, and of the project. */
  states: readonly StackState[];
  project: OwnProject;
  account: RecoveryAccount;
  flags: RestoreFlags;
  timeZone: string;
  /** The command line without what it is to do. */
  line: string;
  terminal: Terminal;
}

/** What a server is to be put back to. */
interface Wanted {
  snapshot: SnapshotInfo;
  /** Name of the restore that it undoes. */
  undoes: string | undefined;
}

/**
 * Puts a server back to a snapshot by a Pulumi project of its own, or lists what there is.
 *
 * Errors: `UTHO_STACK`, `UTHO_CANCELLED`, and those of talking to Utho.
 */
export async function runRestore(word: string, flags: RestoreFlags, terminal: Terminal): Promise<void> {
  const call = await open(word, flags, terminal);
  if (flags.done === true) return finish(call);
  const wanted = wantedOf(call);
  if (wanted === undefined) return list(call);
  const before = alreadyDone(call, wanted);
  if (before !== undefined) {
    terminal.err("That was done before, so nothing is done now.");
    return say(call, before);
  }
  await restore(call, wanted);
}

async function open(word: string, flags: RestoreFlags, terminal: Terminal): Promise<Call> {
  const account = await readAccount(flags, terminal);
  const { servers, snapshots } = account.view;
  const gone = goneServer(word, servers, snapshots);
  if (gone !== undefined) {
    throw new UsageError(`server ${word} is gone; snapshots that are left of it: ${gone.left}`, {
      next: `\`${typed(`clone ${word}`, flags, terminal.env)} --hostname <name> --plan <id>\` makes a new server of the newest`,
    });
  }
  const server = serverNamed(word, servers);
  const project = new OwnProject(
    projectFolder(flags.folder, { kind: "restores", name: server.cloudId, account, env: terminal.env }),
    account,
    terminal,
  );
  const state = await project.state();
  return {
    ...{ server, project, account, flags, terminal },
    snapshots: snapshots.filter(({ cloudId }) => cloudId === server.cloudId),
    past: historyOf(project.declared(), state),
    states: [account.state, state].filter((one) => one !== undefined),
    timeZone: flags.timeZone ?? machineTimeZone(),
    line: typed(`restore ${word}`, flags, terminal.env),
  };
}

/** `undefined`: nothing was asked for but the list. */
function wantedOf(call: Call): Wanted | undefined {
  const { past, snapshots, states, timeZone, server, project, line } = call;
  const { to, undo } = call.flags;
  if (undo !== true) {
    if (to === undefined) return undefined;
    const snapshot = snapshotAt(to, snapshots, { now: Date.now(), timeZone, kindOf: kindsBy(states) });
    return { snapshot, undoes: undefined };
  }
  if (to !== undefined)
    throw new UsageError("--undo goes back to the state before: --to cannot be given too");
  const last = past.at(-1);
  if (last === undefined) {
    throw new UsageError(`nothing to undo: ${project.folder} knows no restore of ${server.hostname}`, {
      next: `\`${line}\` lists what it can be put back to`,
    });
  }
  const isUndo = last.declared.undoes !== undefined;
  const id = isUndo ? sourceOf(last) : textOf(last.outputs.safetySnapshotId);
  if (id === undefined) {
    throw new UsageError(`the restore to ${sourceOf(last)} was interrupted`, {
      next: `\`${line} --to ${sourceOf(last)} --yes\` ends it, and then --undo goes back`,
    });
  }
  const snapshot = snapshots.find((one) => one.id === id);
  // An undo that is done is only reported, and for that the snapshot need not be there.
  if (snapshot !== undefined) return { snapshot, undoes: last.declared.undoes ?? last.declared.name };
  throw new UsageError(
    `safety snapshot ${id} is gone: the state before that restore cannot be brought back`,
    {
      next: `\`${line}\` lists what it can be put back to`,
    },
  );
}

function sourceOf({ declared }: Past): string {
  return String(declared.args.snapshot);
}

/** The last restore, where it is just the one that is asked for now, and done. */
function alreadyDone({ past, flags }: Call, { snapshot }: Wanted): Past | undefined {
  const last = past.at(-1);
  const isSame = last?.state === "done" && sourceOf(last) === snapshot.id;
  return isSame && flags.again !== true ? last : undefined;
}

async function restore(call: Call, { snapshot, undoes }: Wanted): Promise<void> {
  const { project, past, terminal, flags, server, line } = call;
  const text = overwriteText(snapshot, server, call.timeZone, Date.now());
  for (const one of folded(text, terminal.width)) terminal.err(one);
  const last = past.at(-1);
  refuseOther(call, last, snapshot);
  const goesOn = last !== undefined && last.state !== "done";
  const name = goesOn ? last.declared.name : nextName("restore", past);
  const kept = past.map(({ declared }) => declared).filter((one) => one.name !== name);
  const args = { snapshot: snapshot.id };
  await project.write("restore", [...kept, { type: "SnapshotRestore", name, args, undoes }]);
  const again = `${line} ${flags.undo === true ? "--undo" : `--to ${snapshot.id}`}${flags.again === true ? " --again" : ""} --yes`;
  if (!(await confirmed(project, `Overwrite ${server.hostname}?`, flags, terminal))) {
    if (past.length === 0) await project.remove();
    if (flags.json === true) print(call, { state: "planned", text, snapshot: snapshot.id });
    return terminal.err(`Nothing was changed. To do it: ${again}`);
  }
  await project.up();
  // By what the state says and not by the exit code: a run that Ctrl-C stops may have ended the restore before.
  const ended = historyOf(project.declared(), await project.state()).at(-1);
  if (ended?.declared.name !== name || ended.state !== "done")
    throw notEnded(`put ${server.hostname} back`, project, again);
  await say(call, ended);
}

/** What a killed run began is ended first: only with the same snapshot is it known what Utho's record is about. */
function refuseOther({ line, server }: Call, last: Past | undefined, snapshot: SnapshotInfo): void {
  if (last?.state !== "interrupted" || sourceOf(last) === snapshot.id) return;
  throw new UsageError(`a restore of ${server.hostname} to ${sourceOf(last)} was interrupted`, {
    next: `\`${line} --to ${sourceOf(last)} --yes\` ends it, and another comes after that`,
  });
}

/** Reports a restore that is done, by what the server does now. @throws Ended where it does not run */
async function say(call: Call, { outputs, declared }: Past): Promise<void> {
  const { account, server, terminal, flags } = call;
  const now = await viewAccount(account.config, undefined, terminal);
  const { status = "", powerStatus } = now.servers.get(server.cloudId) ?? {};
  const running = isRunning(statusOf({ status, ...(powerStatus === undefined ? {} : { powerStatus }) }));
  const safety = now.snapshots.find(({ id }) => id === textOf(outputs.safetySnapshotId));
  const restored: Restored = {
    snapshot: sourceOf({ declared, outputs, state: "done" }),
    takenAt: textOf(outputs.snapshotCreatedAt),
    restoredAt: textOf(outputs.restoredAt),
    safety,
    undoes: declared.undoes,
    running,
  };
  if (flags.json === true) print(call, { state: "done", ...restored, safety: safety?.id });
  else {
    for (const one of doneLines(restored, {
      hostname: server.hostname,
      line: call.line,
      timeZone: call.timeZone,
    })) {
      for (const part of folded(one, terminal.width)) terminal.out(part);
    }
  }
  if (!running) throw new Ended(1);
}

function list(call: Call): void {
  const { terminal, flags, snapshots, server, line, past } = call;
  if (flags.json === true) {
    print(call, undefined);
    return;
  }
  const all = listedOf(call);
  const head = `${server.hostname} (${server.cloudId}) ${snapshots.length === 0 ? "has no snapshot." : "can be put back to:"}`;
  for (const part of folded(head, terminal.width)) terminal.out(part);
  if (snapshots.length === 0) return;
  for (const one of listedLines(all, call.timeZone, terminal)) terminal.out(one);
  const open = past.at(-1);
  for (const one of listingHints(
    line,
    open !== undefined && open.state !== "done" ? sourceOf(open) : undefined,
  )) {
    for (const part of folded(one, terminal.width)) terminal.err(part);
  }
}

function listedOf({ snapshots, states }: Call) {
  return listed(snapshots, states, Date.now());
}

function print(call: Call, done: Record<string, unknown> | undefined): void {
  const { server, project, terminal } = call;
  const { cloudId, hostname, powerStatus } = server;
  const report = {
    ...{ schemaVersion: 1, server: { cloudId, hostname, powerStatus }, folder: project.folder },
    snapshots: listedOf(call),
    ...(done === undefined ? {} : { restore: done }),
  };
  terminal.out(JSON.stringify(report, null, 2));
}

/** Removes the safety snapshots of all restores, and the project: the server stays as it is. */
async function finish(call: Call): Promise<void> {
  const { project, past, snapshots, flags, terminal, server, line } = call;
  if (past.some(({ state }) => state !== "done")) {
    throw new UsageError(`the last restore of ${server.hostname} did not end`, {
      next: "run it again, or go back with --undo",
    });
  }
  if (!project.exists) return terminal.err(`Nothing to do: ${project.folder} does not exist.`);
  const ids = past.map(({ outputs }) => textOf(outputs.safetySnapshotId));
  const safeties = snapshots.filter(({ id }) => ids.includes(id));
  const text = savedText(safeties, server.hostname, project.folder);
  for (const one of folded(text, terminal.width)) terminal.err(one);
  if (!(await agreed("Go on?", flags, terminal)))
    return terminal.err(`Nothing was changed. To do it: ${line} --done --yes`);
  if ((await project.destroy()) !== 0)
    throw notEnded("delete the safety snapshots", project, `${line} --done --yes`);
  await project.remove();
  terminal.err("Done.");
}
