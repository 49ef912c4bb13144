import { zoneOf } from "../../client/time";
import type { ServerInfo, SnapshotInfo } from "../../provider/lookup/types";
import { parseGeneratedName } from "../../provider/utho/names";
import { isActive } from "../../provider/utho/status";
import { UsageError } from "../screen/terminal";
import { wall } from "../screen/text";
import type { Owner } from "../stack/ownership";
import { serverNamed } from "../stack/view";

const DAY = 86_400_000;

/**
 * The snapshot that a person means by its id, or by the server that it was taken of, of which `to` says which one.
 * @throws UsageError
 */
export function sourceNamed(
  word: string,
  to: string,
  { servers, snapshots }: { servers: ReadonlyMap<string, ServerInfo>; snapshots: readonly SnapshotInfo[] },
  when: Choosing,
): SnapshotInfo {
  const byId = snapshots.find(
    ({ id, snapshotId }) => id === word || (snapshotId === word && !servers.has(word)),
  );
  if (byId !== undefined) return snapshotAt(byId.id, snapshots, when);
  const { cloudId } = goneServer(word, servers, snapshots) ?? serverNamed(word, servers);
  return snapshotAt(
    to,
    snapshots.filter((one) => one.cloudId === cloudId),
    when,
  );
}

/** A server that is named by its id and does not exist any more, of which there are snapshots. */
export function goneServer(
  word: string,
  servers: ReadonlyMap<string, ServerInfo>,
  snapshots: readonly SnapshotInfo[],
): { cloudId: string; left: number } | undefined {
  const left = snapshots.filter(({ cloudId }) => cloudId === word).length;
  return left === 0 || servers.has(word) ? undefined : { cloudId: word, left };
}

/**
 * A clone stands in the data centre of its snapshot, which is that of the snapshot's server. Where the server is gone,
 * or Utho does not show its place, only the user can name it.
 * @throws UsageError
 */
export function requireDataCentre(
  { id, cloudId }: SnapshotInfo,
  dcslug: unknown,
  servers: ReadonlyMap<string, ServerInfo>,
): void {
  const server = servers.get(cloudId);
  if (dcslug !== undefined || (server?.dcslug ?? "") !== "") return;
  const slugs = new Set([...servers.values()].flatMap((one) => one.dcslug ?? []));
  const known = slugs.size === 0 ? "" : `; the account's other servers are in ${[...slugs].join(", ")}`;
  const why =
    server === undefined
      ? `server ${cloudId} is gone, and with it the name of the data centre where snapshot ${id} is`
      : `Utho does not show the data centre of server ${cloudId}, where snapshot ${id} is`;
  throw new UsageError(why, { next: `add --dcslug <data centre>${known}` });
}

/** What `--to` names: a snapshot, or the newest of a time span. */
type Moment = { id: string } | { from: number; until: number; words: string };

/** What decides what `--to` means. */
interface Choosing {
  now: number;
  timeZone: string;
  /** Of what kind the resource is that owns a snapshot, as far as the states say it. */
  kindOf: (snapshot: SnapshotInfo) => Owner["kind"] | undefined;
}

/**
 * The snapshot that `--to` means among those of one server: an id, or else the newest Active one of a day, or before a
 * moment. A day without one is an error, since an older one is not what was asked for. Safety snapshots are meant by
 * their id alone: right after a restore the newest of all shows the server as it was before.
 * @throws UsageError
 */
export function snapshotAt(
  to: string,
  snapshots: readonly SnapshotInfo[],
  { now, timeZone, kindOf }: Choosing,
): SnapshotInfo {
  const moment = momentOf(to, now, timeZone);
  const usable = snapshots.filter(({ status }) => isActive(status));
  const next = choiceOf(usable, timeZone);
  if ("id" in moment) return snapshotOf(moment.id, snapshots, next);
  const before = newestFirst(usable)
    .filter((one) => kindOf(one) !== "SnapshotRestore")
    .filter((one) => Number.isFinite(takenAt(one)) && takenAt(one) <= moment.until);
  const [best] = before;
  if (best === undefined || takenAt(best) < moment.from)
    throw new UsageError(`--to: there is no usable snapshot ${moment.words}`, { next });
  if (kindOf(best) !== undefined || !isSafetyName(best.name)) return best;
  throw new UsageError(`--to: ${best.id} (${best.name}) may be the safety snapshot of a restore`, {
    next: `name it by its id if it is meant, or ${next}`,
  });
}

function snapshotOf(wanted: string, snapshots: readonly SnapshotInfo[], next: string): SnapshotInfo {
  const found = snapshots.find(({ id, snapshotId }) => id === wanted || snapshotId === wanted);
  if (found === undefined) throw new UsageError(`--to: the server has no snapshot ${wanted}`, { next });
  if (isActive(found.status)) return found;
  throw new UsageError(`--to: snapshot ${found.id} is not Active but ${found.status}: it cannot be used`, {
    next,
  });
}

const LONGEST_CHOICE = 5;

/** What there is to choose from, the newest first. */
function choiceOf(usable: readonly SnapshotInfo[], timeZone: string): string {
  if (usable.length === 0) return "nothing of it can be used: look at Utho's console";
  const shown = newestFirst(usable).slice(0, LONGEST_CHOICE);
  const texts = shown.map((one) =>
    one.createdAt === undefined ? one.id : `${one.id} (${wall(takenAt(one), timeZone)})`,
  );
  const more = usable.length > shown.length ? ` or one of ${usable.length - shown.length} more` : "";
  return `choose by --to <id>: ${texts.join(", ")}${more}`;
}

/** Whether a name is like that of a safety snapshot; a Snapshot whose logical name ends so has such a one too. */
export function isSafetyName(name: string): boolean {
  return /-before(-restore)?$/.test(parseGeneratedName(name)?.label ?? "");
}

/** Those whose time is not known come last. */
export function newestFirst(snapshots: readonly SnapshotInfo[]): SnapshotInfo[] {
  return [...snapshots].sort((a, b) => takenAt(b) - takenAt(a) || a.id.localeCompare(b.id));
}

function takenAt({ createdAt }: SnapshotInfo): number {
  return createdAt === undefined ? Number.NEGATIVE_INFINITY : Date.parse(createdAt);
}

function momentOf(to: string, now: number, timeZone: string): Moment {
  const zone = zoneOf(timeZone);
  const day = (wall: number): Moment => ({
    from: zone.momentOf(wall),
    until: zone.momentOf(wall + DAY) - 1,
    words: `of ${new Date(wall).toISOString().slice(0, 10)} (${timeZone})`,
  });
  const before = (until: number): Moment => ({
    from: Number.NEGATIVE_INFINITY,
    until,
    words: Number.isFinite(until) ? `of ${new Date(until).toISOString()} or before` : "at all",
  });
  const today = Math.floor((now + zone.offsetAt(now)) / DAY) * DAY;
  if (/^(\d{1,20}\/)?\d{1,20}$/.test(to)) return { id: to };
  const word = to.trim().toLowerCase();
  if (word === "newest" || word === "latest") return before(Number.POSITIVE_INFINITY);
  if (word === "today") return day(today);
  if (word === "yesterday") return day(today - DAY);
  const [, number, unit = ""] = AGO.exec(word) ?? [];
  if (number !== undefined) return before(now - Number(number) * (UNITS[unit] ?? DAY));
  const [, date, time, offset] = TIME.exec(to.trim()) ?? [];
  const wall = Date.parse(`${date}T${time ?? "00:00"}Z`);
  if (date === undefined || Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date)) {
    throw new UsageError(`--to: "${to}" is no snapshot, day or time; wanted is ${WANTED}`);
  }
  if (time === undefined) return day(wall);
  if (offset === undefined) return before(zone.momentOf(wall));
  const written = offset === "UTC" ? "Z" : offset.replace(/^(...)(\d\d)$/, "$1:$2");
  return before(Date.parse(`${date}T${time}${written}`));
}

/** Also with the fractions and offsets that other programs write. */
const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?: ?(Z|UTC|[+-]\d\d:?\d\d))?)?$/;
const AGO = /^(\d{1,5}) ?(m|h|d)[a-z]* ago$/;
const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: DAY };

const WANTED = '5001, newest, today, yesterday, "2 hours ago", 2026-11-24 or 2026-11-24T03:00';
