import { isObject, textOf } from "../json";
import { isSuccess, messageOf, serverIn } from "../observer/rows";
import type { Session } from "../session";
import { Shelf } from "../shelf";
import { removeOthers } from "./life";
import { expectThat, type Scenario } from "./outcome";

/** Reads that need a snapshot to show anything. */
export const readsOfSnapshots: Scenario = {
  title: "reads: the snapshot by its data centre, by page, and the plans that fit it",
  async run({ observer, probes, settings, ids }) {
    const get = (path: string) => observer.ask({ method: "GET", path });
    const server = probes.server === undefined ? undefined : serverIn(probes.server, settings.cloudId);
    const dc = isObject(server?.dclocation) ? textOf(server.dclocation.dc) : undefined;
    if (dc !== undefined && /^[\w-]+$/.test(dc)) probes.byZone = await get(`/snapshot/${dc}`);
    probes.snapshotPage = await get("/snapshot?page=9999&perpage=1");
    if (ids.first !== undefined) probes.plansForSnapshot = await get(`/cloud/plans/snapshot/${ids.first}`);
    return "all asked";
  },
};

/** What the names end with: every kind of character that a name may lose. */
export const ODD_ENDING = "Upper lower_under.dot-hyphen";
/** Longer than any limit that is likely. */
export const LONG = 300;

/** Asks for two snapshots with unusual names, and deletes them. */
export const unusualNames: Scenario = {
  title: "two snapshots with unusual names",
  async run(session) {
    const { prefix, probes } = session;
    probes.oddName = await takeNamed(session, `${prefix}${ODD_ENDING}`);
    probes.longName = await takeNamed(session, prefix.padEnd(LONG, "x"));
    const answers = [probes.oddName, probes.longName].map(({ call, stored }) => {
      if (!isSuccess(call)) return `refused, "${messageOf(call) ?? "no message"}"`;
      return stored === undefined ? "accepted and not listed" : `listed with ${stored.length} characters`;
    });
    return answers.join("; ");
  },
};

async function takeNamed(session: Session, name: string): Promise<NonNullable<Session["probes"]["oddName"]>> {
  const { observer, settings, shelf, signal, ids } = session;
  const path = `/cloud/${settings.cloudId}/snapshot/create`;
  const call = await observer.ask({ method: "POST", path, body: { name } });
  if (!isSuccess(call)) return { call, stored: undefined };
  await shelf.waitFor((shown) => shown.length > 1 && shown.every((one) => shelf.ready(one)), signal);
  const stored = (await shelf.look()).find(({ id }) => id !== ids.first)?.name;
  await removeOthers(session, ids.first);
  return { call, stored };
}

/** How long the kit waits before it hangs up. */
const HANG_UP_AFTER = 1000;

/** Asks for a snapshot, hangs up, and looks whether it is made. */
export const hungUpOn: Scenario = {
  title: "a snapshot that is asked for and hung up on",
  async run(session) {
    const { observer, settings, shelf, signal, ids, probes, prefix } = session;
    const path = `/cloud/${settings.cloudId}/snapshot/create`;
    const body = { name: `${prefix}hung-up` };
    const call = await observer.ask({ method: "POST", path, body, hangUpAfter: HANG_UP_AFTER });
    const patience = call.hungUp ? settings.grace : settings.patience;
    const { cloudId, pollInterval: interval } = settings;
    const looking = new Shelf(observer, { cloudId, prefix, interval, patience });
    const made = await looking.waitFor((shown) => shown.some(({ id }) => id !== ids.first), signal);
    probes.hangUp = { call, made };
    if (made) {
      await shelf.waitFor((shown) => shown.every((one) => shelf.ready(one)), signal);
      await removeOthers(session, ids.first, true);
    }
    if (!call.hungUp) return "answered before the kit hung up";
    return made ? "made nevertheless, and deleted again" : "not listed";
  },
};

/** One read and one write with a token that may only read; a write that is accepted is deleted again. */
export const readOnly: Scenario = {
  title: "a token that may only read",
  async run(session) {
    const { observer, settings, probes, prefix, ids } = session;
    const { cloudId, readOnlyToken: token } = settings;
    probes.readOnlyRead = await observer.ask({ method: "GET", path: `/cloud/${cloudId}`, token });
    expectThat(
      isSuccess(probes.readOnlyRead),
      "the token of UTHO_LIVE_READONLY_TOKEN cannot read the server",
    );
    const path = `/cloud/${cloudId}/snapshot/create`;
    const body = { name: `${prefix}read-only` };
    probes.readOnlyWrite = await observer.ask({ method: "POST", path, body, token });
    if (!isSuccess(probes.readOnlyWrite)) return `refused, "${messageOf(probes.readOnlyWrite) ?? ""}"`;
    await removeOthers(session, ids.first);
    return "the write was accepted, and deleted again";
  },
};
