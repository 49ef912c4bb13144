import { isObject, textOf } from "../json";
import type { Exchange } from "../observer/exchange";
import { isCreate, isSuccess, LISTINGS, messageOf, nameAskedFor, snapshotRows } from "../observer/rows";
import { activeAfter, listingsThatShowed, type Timeline, timelineOf } from "../observer/timeline";
import { distinct, type Evidence, type Finding, finding } from "./finding";
import { acceptedOrRefused, firstOfEach, serverOf, shapeOfRefusal } from "./refusals";

/** One of this run's snapshots: the call that made it, and when it was seen. */
interface Made {
  id: string;
  name: string;
  call: Exchange;
  timeline: Timeline;
}

/** What becomes of a snapshot. */
export function snapshots(evidence: Evidence): Finding[] {
  const made = madeIn(evidence);
  return [
    createAnswer(evidence),
    nameKept(evidence),
    runningServer(evidence),
    listingLag(evidence, made),
    statusWords(made),
    duration(made),
    createdAt(evidence, made),
    storage(evidence),
    busy(evidence),
    sameName(evidence),
    deletion(evidence),
    deletionAgain(evidence),
  ];
}

/** Of several snapshots of one name, the one that was listed first belongs to the call that was made first. */
function madeIn({ exchanges, cloudId, own }: Evidence): Made[] {
  const calls = exchanges.filter((one) => isCreate(one) && isSuccess(one));
  return [...own].flatMap(([id, name]) => {
    const namesakes = [...own].filter(([, other]) => other === name).map(([other]) => other);
    const call = calls.filter((one) => nameAskedFor(one) === name)[namesakes.indexOf(id)];
    if (call === undefined) return [];
    return [{ id, name, call, timeline: timelineOf(exchanges, cloudId, id, call) }];
  });
}

function createAnswer({ exchanges }: Evidence): Finding {
  const calls = exchanges.filter((one) => isCreate(one) && isSuccess(one));
  const keys = calls.flatMap(({ answer }) => (isObject(answer?.json) ? Object.keys(answer.json) : []));
  const ids = keys.filter((key) => /id$/i.test(key));
  const answer = calls.length === 0 ? undefined : ids.length === 0 ? "no id" : `an id: ${distinct(ids)}`;
  return finding("create-answer", "Whether create answers with the snapshot's id", answer, {
    details: { fields: distinct(keys), kinds: distinct(calls.map(({ answer: a }) => a?.kind)) },
    samples: calls.slice(0, 1),
  });
}

function nameKept({ exchanges, own }: Evidence): Finding {
  const asked = new Set(exchanges.filter((one) => isCreate(one) && isSuccess(one)).map(nameAskedFor));
  const names = [...own.values()];
  const kept = names.every((name) => asked.has(name)) ? "as asked for, to the letter" : "changed by Utho";
  return finding(
    "name-kept",
    "Whether the listed name is the one asked for",
    names.length === 0 ? undefined : kept,
  );
}

function runningServer(evidence: Evidence): Finding {
  const server = serverOf(evidence);
  const first = evidence.exchanges.find((one) => isCreate(one) && one.by === "provider");
  return finding("running-server", "A snapshot of a server that runs", acceptedOrRefused(first), {
    details: { powerstatus: textOf(server?.powerstatus), status: textOf(server?.status) },
  });
}

function listingLag({ exchanges }: Evidence, made: readonly Made[]): Finding {
  const listed = LISTINGS.flatMap((listing) => {
    const moments = made.map(({ timeline }) => timeline.appeared[listing]).filter((ms) => ms !== undefined);
    return moments.length === 0 ? [] : [`${listing} ${range(moments)}`];
  });
  const reads = exchanges.filter(({ method }) => method === "GET").length;
  return finding(
    "listing-lag",
    "From the answer to create until a listing shows the snapshot (between two looks)",
    listed.length === 0 ? undefined : listed.join("; "),
    { details: { snapshots: made.length, reads } },
  );
}

function statusWords(made: readonly Made[]): Finding {
  const words = made.flatMap(({ timeline }) => timeline.words);
  const details = Object.fromEntries(
    made.map(({ timeline }, at) => [
      `snapshot ${at + 1}`,
      timeline.words
        .map((one) => `${one.listing}: ${one.word} ${seconds(one.firstMs)} to ${seconds(one.lastMs)}`)
        .join("; "),
    ]),
  );
  return finding(
    "status-words",
    "Status words of a snapshot, in their order",
    distinct(words.map(({ word }) => word)),
    {
      details,
    },
  );
}

function duration(made: readonly Made[]): Finding {
  const moments = made.map(({ timeline }) => activeAfter(timeline)).filter((ms) => ms !== undefined);
  const answer = moments.length === 0 ? undefined : range(moments);
  return finding("duration", "From the answer to create until Active", answer, {
    details: { snapshots: moments.length },
  });
}

const QUARTER = 15 * 60_000;

function createdAt(evidence: Evidence, made: readonly Made[]): Finding {
  const { exchanges, cloudId, own } = evidence;
  const calls = new Map(made.map(({ id, call }) => [id, call]));
  const seen = new Map<string, { zone: string; skewMs: number; format: string }>();
  for (const exchange of exchanges) {
    for (const row of snapshotRows(exchange, cloudId) ?? []) {
      const id = textOf(row.id) ?? "";
      const wall = textOf(row.created_at) ?? textOf(row.createdate);
      const call = calls.get(id);
      if (!own.has(id) || wall === undefined || call === undefined) continue;
      const read = zoneOf(wall, call);
      if (read !== undefined) seen.set(`${id} ${wall}`, read);
    }
  }
  const all = [...seen.values()];
  return finding(
    "created-at",
    "Zone of created_at, by this machine's clock at creation",
    distinct(all.map(({ zone }) => zone)),
    {
      details: {
        format: distinct(all.map(({ format }) => format)),
        cloudAheadSeconds: all.length === 0 ? undefined : range(all.map(({ skewMs }) => skewMs)),
        readings: all.length,
        country: countryOf(evidence),
      },
    },
  );
}

/** Where the server stands: the zone of times may depend on it. */
function countryOf(evidence: Evidence): string | undefined {
  const location = serverOf(evidence)?.dclocation;
  return isObject(location) ? textOf(location.dccc) : undefined;
}

/** The offset from UTC, to a quarter of an hour, that brings a wall time nearest to the call. */
function zoneOf(wall: string, call: Exchange): { zone: string; skewMs: number; format: string } | undefined {
  const at = Date.parse(`${wall.slice(0, 19).replace(" ", "T")}Z`);
  if (Number.isNaN(at)) return undefined;
  const difference = at - (call.sentAt + call.answeredAt) / 2;
  const offset = Math.round(difference / QUARTER) * QUARTER;
  const minutes = Math.abs(offset) / 60_000;
  const sign = offset < 0 ? "-" : "+";
  const clock = `${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
  const zone = offset === 0 ? "UTC" : `UTC${sign}${clock}`;
  return { zone, skewMs: difference - offset, format: wall.replace(/\d/g, "d") };
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}

function storage({ exchanges, cloudId, own }: Evidence): Finding {
  const rows = exchanges.flatMap((one) => snapshotRows(one, cloudId) ?? []);
  const ours = rows.filter(({ id }) => own.has(textOf(id) ?? ""));
  return finding("storage", "Storage word of a snapshot", distinct(ours.map((row) => textOf(row.storage))));
}

function busy({ probes: { whileBusy } }: Evidence): Finding {
  return finding(
    "busy",
    "A second snapshot while the server is at work on one",
    acceptedOrRefused(whileBusy),
    {
      details: { wording: whileBusy === undefined ? undefined : messageOf(whileBusy) },
      samples: [whileBusy],
    },
  );
}

function sameName({ probes }: Evidence): Finding {
  const exchange = probes.sameName;
  return finding("same-name", "Two snapshots of one name on one server", acceptedOrRefused(exchange), {
    details: { wording: exchange === undefined ? undefined : messageOf(exchange) },
    samples: [exchange],
  });
}

function deletion({ probes: { deletion: deleted }, exchanges, cloudId }: Evidence): Finding {
  const question = "Answer to a deletion, and how soon each listing lacks the snapshot";
  if (deleted === undefined) return finding("delete", question, undefined);
  const { call, id } = deleted;
  const { vanished } = timelineOf(exchanges, cloudId, id, call);
  const showed = listingsThatShowed(exchanges, cloudId, new Set([id]));
  const gone = showed.map((listing) => {
    const ms = vanished[listing];
    return `${listing} ${ms === undefined ? "still shows it" : seconds(ms)}`;
  });
  const kind = call.answer?.kind ?? "no answer";
  const shape = isSuccess(call)
    ? `accepted, ${kind === "json" ? "an object" : kind} in HTTP ${call.answer?.status}`
    : acceptedOrRefused(call);
  return finding("delete", question, shape, { details: { gone: gone.join("; ") }, samples: [call] });
}

function deletionAgain({ probes }: Evidence): Finding {
  const exchange = probes.deletionAgain;
  return finding("delete-again", "Deleting a snapshot that is gone", acceptedOrRefused(exchange), {
    details: {
      wording: exchange === undefined ? undefined : messageOf(exchange),
      shape: shapeOfRefusal(exchange),
    },
    samples: firstOfEach(exchange === undefined ? [] : [exchange], shapeOfRefusal),
  });
}

function range(moments: readonly number[]): string {
  const [least, most] = [Math.min(...moments), Math.max(...moments)];
  return seconds(least) === seconds(most) ? seconds(least) : `${seconds(least)} to ${seconds(most)}`;
}

function seconds(ms: number): string {
  if (ms < 120_000) return `${(ms / 1000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
