import { isObject, objectsIn, textOf } from "../json";
import type { Exchange } from "../observer/exchange";
import { isCreate, isRefusal, isSuccess, messageOf, nameAskedFor } from "../observer/rows";
import { callOf, distinct, type Evidence, type Finding, finding } from "./finding";
import { acceptedOrRefused, shapeOfRefusal } from "./refusals";
import { rowsOfServers } from "./spelling";

/** Points that no source about the API covers. */
export function openPoints(evidence: Evidence): Finding[] {
  return [
    unknownRoute(evidence),
    pageHonoured(evidence),
    snapshotPage(evidence),
    byZone(evidence),
    plansForSnapshot(evidence),
    deployFields(evidence),
    account(evidence),
    heldLine(evidence),
    hangUp(evidence),
    oddName(evidence),
    longestName(evidence),
    snapshotLimit(evidence),
    readOnlyToken(evidence),
  ];
}

function unknownRoute({ probes: { unknownRoute: asked } }: Evidence): Finding {
  const answer = asked !== undefined && isSuccess(asked) ? "a success" : shapeOfRefusal(asked);
  return finding("unknown-route", "A call that does not exist", answer, {
    details: { wording: asked === undefined ? undefined : messageOf(asked) },
    samples: [asked],
  });
}

function pageHonoured({ probes: { onePerPage, secondPage } }: Evidence): Finding {
  const [first] = rowsOfServers(onePerPage);
  const [second] = rowsOfServers(secondPage);
  const answer =
    first === undefined || secondPage === undefined
      ? undefined
      : second === undefined
        ? "the second page is empty"
        : textOf(first.cloudid) === textOf(second.cloudid)
          ? "the second page repeats the first"
          : "the second page goes on";
  return finding("page-honoured", "GET /cloud?page=2&perpage=1", answer, {
    details: { total: metaOf(secondPage).total !== undefined },
    samples: [secondPage],
  });
}

function metaOf(exchange: Exchange | undefined) {
  const json = exchange?.answer?.json;
  return isObject(json) && isObject(json.meta) ? json.meta : {};
}

function rowsIn(exchange: Exchange | undefined, ...lists: string[]): number | undefined {
  const json = exchange?.answer?.json;
  if (exchange === undefined || !isSuccess(exchange)) return undefined;
  if (Array.isArray(json)) return json.length;
  const list = isObject(json) ? lists.map((name) => json[name]).find(Array.isArray) : undefined;
  return list === undefined ? undefined : objectsIn(list).length;
}

/** Whether Utho has a call, by its answer; `undefined` where it was not asked. */
function offered(
  exchange: Exchange | undefined,
  rows: number | undefined,
  yes = "offered",
): string | undefined {
  if (exchange === undefined) return undefined;
  return rows === undefined ? `not offered: ${shapeOfRefusal(exchange)}` : yes;
}

function snapshotPage({ probes: { snapshotPage: asked } }: Evidence): Finding {
  const rows = rowsIn(asked, "snapshots", "snapshot", "data");
  const answer = offered(
    asked,
    rows,
    rows === 0 ? "it has pages: one beyond the end is empty" : "it has no pages",
  );
  return finding("snapshot-pages", "GET /snapshot?page=9999&perpage=1", answer, { samples: [asked] });
}

function byZone({ probes: { byZone: asked } }: Evidence): Finding {
  const rows = rowsIn(asked, "snapshots", "snapshot", "data");
  const answer = offered(asked, rows);
  return finding("snapshot-by-zone", "GET /snapshot/{dc}", answer, { samples: [asked] });
}

function plansForSnapshot({ probes: { plansForSnapshot: asked } }: Evidence): Finding {
  const rows = rowsIn(asked, "plans", "data");
  const answer = offered(asked, rows);
  return finding("plans-for-snapshot", "GET /cloud/plans/snapshot/{id}", answer, {
    details: { plans: rows },
    samples: [asked],
  });
}

function deployFields({ probes: { zones } }: Evidence): Finding {
  const json = zones?.answer?.json;
  const rows = isObject(json) ? objectsIn(json.dczones) : [];
  const answer =
    zones === undefined || rows.length === 0
      ? acceptedOrRefused(zones)
      : rows.some((row) => "default_cpu" in row)
        ? "a default_cpu is named"
        : "no default_cpu is named";
  return finding("default-cpu", "What GET /dczones says that deploy needs", answer, {
    details: { fields: distinct(rows.flatMap((row) => Object.keys(row)))?.replaceAll(", ", ",") },
  });
}

const ACCOUNT = ["id", "kyc", "verify", "availablecredit", "currency", "currencyprefix", "currencyrate"];

function account({ probes: { account: asked } }: Evidence): Finding {
  const json = asked?.answer?.json;
  const user = isObject(json) && isObject(json.user) ? json.user : undefined;
  const present = ACCOUNT.filter((field) => user !== undefined && field in user);
  const answer =
    user === undefined ? acceptedOrRefused(asked) : `has ${present.join(", ") || "none of them"}`;
  return finding("account", `GET /account/info: ${ACCOUNT.join(", ")}`, answer, {
    details: { kinds: distinct(present.map((field) => `${field}: ${typeof user?.[field]}`)) },
  });
}

function heldLine({ exchanges }: Evidence): Finding {
  const longest = new Map<string, number>();
  for (const one of exchanges) {
    if (one.method === "GET" || one.answer === undefined) continue;
    const ms = one.answeredAt - one.sentAt;
    longest.set(callOf(one), Math.max(ms, longest.get(callOf(one)) ?? 0));
  }
  const texts = [...longest].map(([call, ms]) => `${call} ${(ms / 1000).toFixed(1)} s`);
  return finding("held-line", "How long a write holds the line, at most", distinct(texts));
}

function hangUp({ probes }: Evidence): Finding {
  const asked = probes.hangUp;
  const answer =
    asked === undefined
      ? undefined
      : asked.call.hungUp !== true
        ? "answered before the kit hung up"
        : asked.made
          ? "it goes on"
          : "it is undone";
  return finding("hang-up", "A create whose client hangs up after a second", answer);
}

function oddName({ probes }: Evidence): Finding {
  const asked = probes.oddName;
  const sent = asked === undefined ? "" : (nameAskedFor(asked.call) ?? "");
  const answer =
    asked === undefined
      ? undefined
      : asked.stored === undefined
        ? acceptedOrRefused(asked.call)
        : asked.stored === sent
          ? "as sent"
          : changesOf(sent, asked.stored).join(", ");
  return finding("odd-name", "A name with capitals, a blank, underscore, dot and hyphen", answer, {
    details: { wording: asked === undefined || isSuccess(asked.call) ? undefined : messageOf(asked.call) },
  });
}

/** How a stored name differs from the one that was sent. */
function changesOf(sent: string, stored: string): string[] {
  const changes: [string, boolean][] = [
    [`cut to ${stored.length} characters`, stored.length < sent.length],
    ["in lower case", stored !== stored.toUpperCase() && stored === stored.toLowerCase()],
    ["without blanks", !stored.includes(" ")],
    ["without underscores", !stored.includes("_")],
    ["without dots", !stored.includes(".")],
    ["without hyphens", !stored.includes("-")],
  ];
  const held = changes.filter(([, holds]) => holds).map(([what]) => what);
  return held.length === 0 ? ["changed in another way"] : held;
}

function longestName({ probes }: Evidence): Finding {
  const asked = probes.longName;
  const sent = asked === undefined ? 0 : (nameAskedFor(asked.call)?.length ?? 0);
  const answer =
    asked === undefined
      ? undefined
      : asked.stored === undefined
        ? acceptedOrRefused(asked.call)
        : asked.stored.length < sent
          ? `cut to ${asked.stored.length} characters`
          : `${sent} characters are kept`;
  return finding("longest-name", "A name of 300 characters", answer, {
    details: { wording: asked === undefined || isSuccess(asked.call) ? undefined : messageOf(asked.call) },
  });
}

const LIMIT = /maxim|limit|quota|exceed|too many/i;

function snapshotLimit({ exchanges, probes }: Evidence): Finding {
  const refused = exchanges.filter(
    (one) =>
      isCreate(one) && isRefusal(one) && one !== probes.longName?.call && LIMIT.test(messageOf(one) ?? ""),
  );
  return finding(
    "snapshot-limit",
    "Refusal of one snapshot too many",
    refused.length === 0 ? "not met" : "met",
    {
      details: { wording: distinct(refused.map(messageOf)) },
      samples: refused.slice(0, 1),
    },
  );
}

function readOnlyToken({ probes: { readOnlyWrite } }: Evidence): Finding {
  return finding(
    "read-only-token",
    "A write with a token that may only read",
    acceptedOrRefused(readOnlyWrite),
    {
      details: { wording: readOnlyWrite === undefined ? undefined : messageOf(readOnlyWrite) },
      samples: [readOnlyWrite],
    },
  );
}
