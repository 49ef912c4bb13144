import type { Body, Envelope } from "./body";
import type { Effect, UnexpectedReason } from "./errors";

/** What an answer means. Only this file looks at the wording of messages. */
export type Verdict =
  | { kind: "ok" }
  | {
      kind: "auth" | "notFound" | "busy" | "rateLimited" | "badRequest" | "server" | "timeout";
      effect: Effect;
    }
  | { kind: "unexpected"; effect: Effect; reason: UnexpectedReason };

const REFUSED_AUTH: Verdict = { kind: "auth", effect: "none" };
const NOT_FOUND: Verdict = { kind: "notFound", effect: "none" };
const BUSY: Verdict = { kind: "busy", effect: "none" };
const RATE_LIMITED: Verdict = { kind: "rateLimited", effect: "none" };
const BAD_REQUEST: Verdict = { kind: "badRequest", effect: "none" };
const MISSING_ROUTE: Verdict = { kind: "unexpected", effect: "none", reason: "noRoute" };
// A server that failed inside may have failed after the deed.
const SERVER: Verdict = { kind: "server", effect: "unknown" };

/**
 * Decides what an answer means, the HTTP status first and the wording where the status leaves it open.
 *
 * @param envelope of a JSON body
 */
export function classify(status: number, body: Body, envelope: Envelope | undefined): Verdict {
  const wording = envelope === undefined ? "" : wordingOf(envelope);
  if (status >= 300 && status < 400) return unexpected("redirect");
  if (status === 429) return saysBusy(wording) && !TOO_MANY.test(wording) ? BUSY : RATE_LIMITED;
  // Utho refuses a token in JSON. A page is of a proxy or a gateway on the way, and says nothing about the token; it
  // may have let the request through and stopped the answer.
  if ((status === 401 || status === 403) && isForeign(status, body)) return unexpected(reasonOf(body));
  if (status === 401) return NO_ROUTE.test(wording) ? MISSING_ROUTE : REFUSED_AUTH;
  if (status === 403) return saysBusy(wording) ? BUSY : REFUSED_AUTH;
  // Only a proxy asks for a login of its own.
  if (status === 407) return unexpected("text");
  // The server gave up waiting for the request, or a gateway for the server.
  if (status === 408) return { kind: "timeout", effect: "unknown" };
  // "Try again" in a 5xx does not say that nothing was done; that the token may not do it does.
  if (status >= 500) return LACKS_RIGHT.test(wording) ? REFUSED_AUTH : SERVER;
  if (status >= 400) return classifyRefusal(status, body, envelope, wording);
  return classifySuccess(body, envelope, wording);
}

/** Whether something between this machine and Utho gave the answer. Utho's own successes may be text, its errors never. */
export function isForeign(status: number, body: Body): boolean {
  return status === 407 || body.kind === "html" || (body.kind === "text" && status >= 400);
}

function classifySuccess(body: Body, envelope: Envelope | undefined, wording: string): Verdict {
  if (body.kind === "empty") return { kind: "ok" };
  if (body.kind !== "json" || envelope === undefined) return unexpected(reasonOf(body));
  switch (envelope.verdict) {
    case "success":
    case "unstated":
      return { kind: "ok" };
    case "refused":
      return byWording(wording, envelope.declaredStatus);
    case "unclear":
      // "queued" may be a success and "rejected" is not; guessing either way can cost a snapshot.
      return unexpected("shape");
  }
}

function classifyRefusal(
  status: number,
  body: Body,
  envelope: Envelope | undefined,
  wording: string,
): Verdict {
  if (body.kind === "json" && envelope !== undefined) {
    const saysSomething = envelope.message !== undefined || envelope.verdict === "refused";
    return status === 404 && !saysSomething ? unexpected("shape") : byWording(wording, status);
  }
  // A gateway answers 404 with a page of its own, which proves nothing about the thing that was asked for.
  if (body.kind !== "empty") return unexpected(reasonOf(body));
  return status === 404 || status === 410 ? unexpected("text") : BAD_REQUEST;
}

function unexpected(reason: UnexpectedReason): Verdict {
  return { kind: "unexpected", effect: "unknown", reason };
}

function reasonOf(body: Body): UnexpectedReason {
  if (body.kind === "json") return "shape";
  return body.kind === "empty" ? "text" : body.kind;
}

/** `status`: of HTTP, or the one that the body declares. */
function byWording(wording: string, status: number | undefined): Verdict {
  if (status === 429 || TOO_MANY.test(wording)) return RATE_LIMITED;
  if (status === 401 || UNAUTHORIZED.test(wording) || LACKS_RIGHT.test(wording)) return REFUSED_AUTH;
  if (status === 423 || saysBusy(wording)) return BUSY;
  if ((status !== undefined && status >= 500) || SERVER_FAULT.test(wording)) return SERVER;
  const ofAnotherThing = OTHER_THING_MISSING.test(wording);
  if (!ofAnotherThing && saysMissing(wording)) return NOT_FOUND;
  if (TRY_AGAIN.test(wording) && !TO_CORRECT.test(wording) && !saysWhatToDo(wording)) return BUSY;
  if (!ofAnotherThing && (status === 404 || status === 410)) return NOT_FOUND;
  return status === 403 ? REFUSED_AUTH : BAD_REQUEST;
}

// A refusal is a sentence or two; more would only cost time.
const LONGEST_WORDING = 2000;

/** Lower case, one line, without what stands in quotation marks: that is a name that a user chose ("busy-box"). */
function wordingOf(envelope: Envelope): string {
  const words = [envelope.message ?? "", ...envelope.codes.map((code) => code.replace(/[_-]+/g, " "))];
  return words
    .join(" . ")
    .slice(0, LONGEST_WORDING)
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/(^|[\s(:])(["'`])(?:(?!\2).)*\2(?=$|[\s).,:;!])/g, "$1")
    .toLowerCase()
    .replace(/\s+/g, " ");
}

// Utho answers a call that it does not have with 401 and "Not Found GET", whatever the token.
const NO_ROUTE = /^not found (?:get|post|put|patch|delete|head)(?![\w-])/;

/** Whole words only, where a hyphen belongs to the word: "web-busy-1" is a name. */
function words(...patterns: string[]): RegExp {
  return new RegExp(`(?<![\\w-])(?:${patterns.join("|")})(?![\\w-])`);
}

const TOO_MANY = words(
  "rate[ -]?limit(?:ed|s|ing)?",
  "too many (?:requests|attempts|calls|api calls)",
  "request limit (?:exceeded|reached)",
  "throttl(?:ed|ing)",
);

const CREDENTIAL =
  "(?:(?:api|access|auth|bearer|authentication) ?)?(?:tokens?|credentials?)|(?:api|access|auth) ?keys?";
const UNAUTHORIZED = words(
  "unauthori[sz]ed|unauthenticated|not authori[sz]ed|not authenticated",
  "authenti(?:cation|fication) (?:failed|required|error)",
  "authori[sz]ation (?:failed|required|error)",
  `(?:invalid|expired|missing|wrong|bad|incorrect|revoked|unknown|no) (?:${CREDENTIAL})`,
  `(?:${CREDENTIAL}) (?:(?:is|are|has|have|was|been|does|do|could) )*` +
    "(?:invalid|expired|missing|required|revoked|wrong|incorrect|not valid|not found|not be found|not provided|not exist|mismatch)",
  "session (?:has )?expired",
  "login required",
);

// The token is good and may not do this, in whatever words: what speaks of permission speaks of the token.
const LACKS_RIGHT = words(
  "permissions?|permitted|privileges?|forbidden",
  "(?:insufficient|missing|required|wrong|invalid) scopes?",
  "access (?:is |was )?(?:denied|restricted|refused|forbidden|not allowed)",
  "(?:no|insufficient|missing|write|limited|restricted|not have|don'?t have|without|lacks?) (?:the )?(?:required |necessary |write |sufficient )?access(?: rights?)?",
  `read[ -]?only (?:${CREDENTIAL}|access|user|role|permission)s?`,
  `(?:${CREDENTIAL}|access|user|role) (?:(?:is|has|only) )*(?:read[ -]?only|view[ -]?only)`,
  `(?:you|${CREDENTIAL}|user|role) (?:(?:is|are|was|were|does|do) )?not (?:allowed|allow|entitled|eligible)`,
);

const DEEDS =
  "created|deleted|removed|restored|processed|taken|rebuilt|resized|migrated|deployed|prepared|destroyed|updated|modified|started|stopped|rebooted";
const TASKS = "operation|task|action|process|job|request|event";
const BUSY_WORDS = words(
  "busy",
  "in pro(?:gress|cess)",
  "under process",
  "at the moment",
  "please wait",
  `being (?:${DEEDS})`,
  `one (?:${TASKS}|snapshot) at a time`,
  // "Another snapshot with this name" is about names, not about time.
  `another (?:${TASKS}|snapshot|backup|restore)(?! (?:with|of|by) )`,
  `(?:pending|running|ongoing) (?:${TASKS}|snapshot|backup|restore)s?`,
  `(?:${TASKS}|server|cloud|instance|vm|snapshot)s? (?:status )?(?:(?:is|are|still|has|have|a) )*pending`,
);
const LOCKED = words("locked");
// An account that is locked, and a snapshot that is protected, are so until a person changes it.
const LOCKED_OUT = words(
  "(?:account|user|login|profile|wallet)(?: (?:is|has|been|was|temporarily))* locked",
  "(?:snapshot|backup|image)s?(?: \\d+)?(?: (?:is|are|has|been|was))* locked",
);
const TRY_AGAIN = words("try(?:ing)? (?:it )?again(?! with)", "retry (?:later|after)");
// What is used up or not paid for, no waiting brings back. "A task is in process" beside it changes nothing.
const OBSTACLE = words(
  "limits?|quotas?|maximum|max|exceed(?:s|ed|ing)?|insufficient|not enough|no space",
  "balance|funds?|credits?|wallet|payments?|billing|invoices?|overdue|outstanding|recharge|subscription",
  "kyc|verif(?:y|ied|ication)|suspend(?:ed)?|approv(?:al|ed)",
);
// Advice in the imperative, to one who could take it: "Unable to delete it, try again" is no such advice.
const DO_FIRST = new RegExp(
  "(?:^|[.,;:!] |(?<!\\w)(?:please|kindly|first|then|must|need to|have to|should) )" +
    "(?:remove|delete|destroy|detach|unmount|add|pay|recharge|top[ -]?up|buy|purchase|upgrade|renew|increase|raise|reduce|" +
    "free(?: up)?|clear|clean(?: up)?|cancel|stop|shut ?down|power (?:it )?off|turn (?:it )?off|switch (?:it )?off|unlock|" +
    "disable|enable|activate|complete|update|change|correct|fix|choose|select|use|enter|provide|specify|check|log ?in|sign in)(?![\\w-])",
);
const AFTER_A_DEED = words(
  "(?:again|retry) (?:after|once|when) (?:you |having |it )?(?:have |has )?(?:been )?(?:remov|delet|destroy|detach|add|pay|paid|recharg|upgrad|renew|increas|free|clear|cancel|stopp|shut|power|unlock|enabl|complet)\\w*",
);

/** Whether a refusal says that something must be done first, by a person, or is used up: then no waiting helps. */
function saysWhatToDo(wording: string): boolean {
  return OBSTACLE.test(wording) || DO_FIRST.test(wording) || AFTER_A_DEED.test(wording);
}

// Advice to try again, but only after something was corrected.
const TO_CORRECT = words(
  "invalid|incorrect|wrong|required|missing|must|cannot be empty|not allowed|not supported|exceed(?:s|ed)?|limit|quota|insufficient|exists",
);

function saysBusy(wording: string): boolean {
  if (saysWhatToDo(wording)) return false;
  if (LOCKED.test(wording) && !LOCKED_OUT.test(wording)) return true;
  return BUSY_WORDS.test(wording);
}

const SERVER_FAULT = words(
  "some ?thing went wrong",
  "(?:internal|server|unexpected|unknown|database|system) (?:server )?error",
  "(?:service|temporarily|currently) unavailable",
  "under maintenance",
  "timed out",
  "(?:gateway|connection|request) time-?out",
  "bad gateway",
);

const GONE =
  "not found|not be found|notfound|(?:does|do|did|doesn'?t|don'?t|didn'?t)(?: not)? exists?|not exist|no longer exists?|already (?:been )?(?:deleted|removed|destroyed)";
const NOUNS =
  "(?:cloud|server|instance|vm|snapshot|action)(?:[ _]?id)?|record|data|result|resource|entry|entries|item|it";
// What is believed to be gone is dropped from a stack's state, so the wording must be clear: the thing itself, or
// nothing at all, is named as missing. "Invalid cloudid" is not here: it may mean malformed, of another kind, or not
// allowed (and Utho's own client expects an empty list for an unknown server).
const MISSING = words(
  `(?:${NOUNS})s?(?![\\w-])(?:(?!\\. |; ).)* (?:${GONE})`,
  `no (?:such )?(?:cloud )?(?:${NOUNS})s?(?: (?:was|were|is|are))? (?:found|exists?)`,
  `no such (?:cloud )?(?:${NOUNS})s?`,
);
const MISSING_BARE = new RegExp(`(?:^|\\. |; |^\\w+: )(?:${GONE})(?![\\w-])`);
const OTHERS =
  "route|endpoint|url|uri|page|path|method|host|domain|file|directory|table|column|class|function|user|account|customer|" +
  "plan|image|template|zone|dc|data ?cent(?:er|re)|location|firewall|vpc|network|subnet|ssh ?key|key|storage|volume|disk|" +
  "node|invoice|card|iso|backup";
const OTHER_THING_MISSING = words(
  // "The route v2/cloud/1 could not be found", as PHP frameworks say it.
  `(?:route|endpoint|url|uri|path)(?: \\S+)?(?: (?:is|was|could))* (?:${GONE})`,
  `(?:${OTHERS})s?(?:[ _]?id)?(?: (?:is|are|was|were|has|have|could|can))* (?:${GONE})`,
  `no (?:such )?(?:${OTHERS})s?(?: (?:was|were|is|are))?(?: (?:found|exists?|matched))?`,
);

function saysMissing(wording: string): boolean {
  return MISSING.test(wording) || MISSING_BARE.test(wording);
}

const STILL_ON = words(
  "(?:must|should|needs? to|ha(?:s|ve) to) (?:first )?be (?:(?:powered|switched|turned) off|shut ?down|stopped|off)",
  "(?:power|switch|turn) off (?:the |your |this )?(?:cloud|server|instance|vm)|shut ?down (?:the |your |this )?(?:cloud|server|instance|vm)",
  "(?:cloud|server|instance|vm) is (?:still |currently |already )?(?:running|powered on|switched on|not (?:powered |switched )?off|not stopped)",
);

/** Whether a refusal says that the server must be off for this. */
export function saysStillOn(message: string): boolean {
  return STILL_ON.test(message.toLowerCase());
}

const FULL = words("resources? (?:(?:is|are) )?(?:currently )?(?:un|not )available", "no ?node ?found");

/** Whether a refusal to deploy says that the data centre has no room, which is no fault of the request. */
export function saysFull(message: string): boolean {
  return FULL.test(message.toLowerCase());
}

const LIMITED = words("limits?|quota|max(?:imum)?|exceed(?:s|ed|ing)?");
const OTHER_LIMIT = words("(?:credit|fund|payment|request|character)s?|balance|rate|length");

/** Whether a refusal to take a snapshot says that the account or the server has as many as it may have. */
export function saysLimit(message: string): boolean {
  const wording = message.toLowerCase();
  return LIMITED.test(wording) && !OTHER_LIMIT.test(wording);
}

const CONFIRMATION = words("confirm(?:ed|ation)?", "(?:host|server|cloud|confirm) ?name");

/** Whether a refusal to destroy a server says that it was not confirmed as it must be. */
export function asksForConfirmation(message: string): boolean {
  return CONFIRMATION.test(message.toLowerCase().replaceAll("_", " "));
}
