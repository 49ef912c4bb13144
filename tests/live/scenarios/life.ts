import { isCreate, isSuccess, messageOf } from "../observer/rows";
import type { Session } from "../session";
import { expectCode, expectThat, type Scenario } from "./outcome";
import { programOf, readIds } from "./programs";

export const up: Scenario = {
  title: "up: one snapshot; a second call while the server is at work on it",
  async run(session) {
    const { workspace, shelf, observer, signal } = session;
    workspace.setProgram(programOf(session, { trigger: "v1" }));
    let asking: Promise<void> | undefined;
    const stop = observer.onExchange((exchange) => {
      if (exchange.by !== "provider" || !isCreate(exchange) || !isSuccess(exchange)) return;
      asking ??= askWhileBusy(session).catch(() => undefined);
    });
    const run = await shelf.watchWhile(workspace.run("up", "--yes", "--skip-preview"), signal).finally(stop);
    await asking;
    expectCode(run, 0, "up");
    const { first } = await readIds(session);
    const shown = await shelf.look();
    expectThat(
      shown.some(({ id }) => id === first),
      "the snapshot that state knows is in none of Utho's listings",
    );
    await removeOthers(session, first);
    return `one snapshot, known to state; the second call: ${outcomeOf(session.probes.whileBusy)}`;
  },
};

async function askWhileBusy({ observer, settings, probes, prefix }: Session): Promise<void> {
  const path = `/cloud/${settings.cloudId}/snapshot/create`;
  probes.whileBusy = await observer.ask({ method: "POST", path, body: { name: `${prefix}while-busy` } });
}

function outcomeOf(exchange: Session["probes"]["whileBusy"]): string {
  if (exchange === undefined) return "not asked";
  return isSuccess(exchange) ? "accepted" : `refused, "${messageOf(exchange) ?? "no message"}"`;
}

/** Deletes what a probe made, so that only the program's snapshots are left. */
export async function removeOthers(
  { shelf, signal, observer }: Session,
  first: string | undefined,
  known = false,
): Promise<void> {
  const byProbes = observer.exchanges.filter(
    (exchange) => exchange.by === "kit" && isCreate(exchange) && isSuccess(exchange),
  ).length;
  if (byProbes === 0 && !known) return;
  const others = (shown: { id: string }[]) => shown.filter(({ id }) => id !== first);
  await shelf.waitFor((shown) => others(shown).length > 0 && shown.every((one) => shelf.ready(one)), signal);
  for (const { id } of others(await shelf.look())) {
    const { gone } = await shelf.remove(id, signal);
    expectThat(gone, "a snapshot that the kit has deleted does not vanish");
  }
}

export const noChange: Scenario = {
  title: "up again: no changes",
  async run({ workspace, observer }) {
    const before = observer.exchanges.length;
    expectCode(
      await workspace.run("up", "--yes", "--skip-preview", "--expect-no-changes"),
      0,
      "up without changes",
    );
    const writes = observer.exchanges.slice(before).filter(({ method }) => method !== "GET");
    expectThat(writes.length === 0, "up without changes wrote to Utho");
    return "nothing to do, nothing written";
  },
};

export const clean: Scenario = {
  title: "drift check: clean",
  async run(session) {
    expectCode(await drift(session), 0, "the drift check");
    return "exit 0";
  },
};

function drift({ workspace }: Session) {
  return workspace.run("refresh", "--preview-only", "--expect-no-changes");
}

export const sameName: Scenario = {
  title: "a second snapshot of one name, asked for once",
  async run(session) {
    const { shelf, observer, settings, probes, signal } = session;
    const { first } = session.ids;
    const name = first === undefined ? undefined : observer.guard.own.get(first);
    expectThat(name !== undefined, "the name of the first snapshot is not known");
    const path = `/cloud/${settings.cloudId}/snapshot/create`;
    probes.sameName = await observer.ask({ method: "POST", path, body: { name } });
    if (!isSuccess(probes.sameName)) return outcomeOf(probes.sameName);
    await shelf.waitFor((shown) => shown.length > 1 && shown.every((one) => shelf.ready(one)), signal);
    await removeOthers(session, first);
    return "accepted, and deleted again";
  },
};

export const secondAndReplaced: Scenario = {
  title: "up: a second snapshot, and the first replaced by its trigger",
  async run(session) {
    const { workspace, shelf, signal } = session;
    const old = session.ids.first;
    workspace.setProgram(programOf(session, { trigger: "v2", second: true }));
    const run = await shelf.watchWhile(workspace.run("up", "--yes", "--skip-preview"), signal);
    expectCode(run, 0, "up");
    const { first, second } = await readIds(session);
    expectThat(first !== old, "changed triggers gave no new snapshot");
    const expected = [first, second];
    const settled = await shelf.waitFor(
      (shown) => shown.length === 2 && shown.every(({ id }) => expected.includes(id)),
      signal,
    );
    expectThat(settled, "Utho does not list exactly the two snapshots that state knows");
    return "taken one after the other; the old one went last";
  },
};

export const deletedOutside: Scenario = {
  title: "drift check: a snapshot deleted behind Pulumi's back",
  async run(session) {
    const { shelf, probes, observer, signal } = session;
    const { second } = session.ids;
    expectThat(second !== undefined, "the stack knows no second snapshot");
    const id = second ?? "";
    const { call, gone } = await shelf.remove(id, signal);
    probes.deletion = { call, id };
    expectThat(gone, "the deleted snapshot does not vanish from the listings");
    probes.deletionAgain = await shelf.askToDelete(id);
    probes.actions = await observer.ask({ method: "GET", path: "/actions" });
    expectCode(await drift(session), 7, "the drift check");
    return "seen, exit 7";
  },
};

export const restored: Scenario = {
  title: "up: the snapshot restored onto the disposable server",
  async run(session) {
    const { workspace, shelf, signal } = session;
    workspace.setProgram(programOf(session, { trigger: "v2", restore: true }));
    const run = await shelf.watchWhile(workspace.run("up", "--yes", "--skip-preview"), signal);
    expectCode(run, 0, "up");
    return "the server runs again";
  },
};

export const destroyed: Scenario = {
  title: "destroy: nothing is left",
  async run({ workspace, shelf, signal }) {
    expectCode(await workspace.run("destroy", "--yes", "--skip-preview"), 0, "destroy");
    const empty = await shelf.waitFor((shown) => shown.length === 0, signal);
    expectThat(empty, "Utho still lists snapshots of this run");
    return "no snapshot of this run is listed";
  },
};
