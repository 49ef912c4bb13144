import { BadRequestError, NotFoundError, UnexpectedResponseError, UthoError } from "../client/errors";
import { CODES, type Code, pageOf } from "./codes";

/** What a failure says, in the order in which a person reads it. */
export interface FailureStory {
  code: Code;
  /** What was attempted, and on what: "take snapshot \"nightly\" of server 1001 (web-1)". */
  attempted: string;
  /** Why it did not work, in one sentence or two. */
  because: string;
  /** What the cloud said, word for word. */
  said?: string | undefined;
  /** What exists, and what state knows, after the failure. */
  kept: string;
  /** What the user can do now. */
  next: string;
  cause?: unknown;
}

/** A failure shown to the user. Its message is the whole story, since the engine shows nothing but the message. */
export class ProviderFailure extends Error {
  readonly code: Code;
  readonly story: FailureStory;

  constructor(story: FailureStory) {
    super(renderStory(story), story.cause === undefined ? undefined : { cause: story.cause });
    this.name = "ProviderFailure";
    this.code = story.code;
    this.story = story;
    // The engine prints the stack of errors from check, diff, read and delete three times over.
    this.stack = "";
  }
}

/** After the cloud object is known: the engine keeps `id` and `properties` in state, and the next update goes on. */
export class PartialFailure extends ProviderFailure {
  readonly id: string;
  readonly properties: Record<string, unknown>;

  constructor(story: FailureStory, id: string, properties: Record<string, unknown>) {
    super(story);
    this.name = "PartialFailure";
    this.id = id;
    this.properties = properties;
  }

  /** What the engine shows; the message as it is by then. */
  get reasons(): string[] {
    return [this.message];
  }

  /** The same failure, of what exists in another form. */
  withProperties(properties: Record<string, unknown>): PartialFailure {
    const other = new PartialFailure(this.story, this.id, properties);
    other.message = this.message;
    return other;
  }
}

function renderStory(story: FailureStory): string {
  const lines = [
    `${story.code}: ${CODES[story.code]}.`,
    `  Attempted: ${story.attempted}`,
    `  Because:   ${story.because}`,
  ];
  if (story.said !== undefined && story.said !== "") lines.push(`  Utho said: ${story.said}`);
  lines.push(
    `  Kept:      ${story.kept}`,
    `  Next:      ${story.next}`,
    `  More:      ${pageOf(story.code)}`,
  );
  // Texts of the cloud may hold anything, escape sequences included; each line stays one line.
  return lines.map((line) => line.replace(/\p{Cc}+/gu, " ")).join("\n");
}

/** Utho's words with where it said them, or that it said nothing and why; `undefined` where the error is not Utho's. */
export function saidBy(error: unknown): string | undefined {
  if (!(error instanceof UthoError)) return undefined;
  const { apiMessage } = error;
  // The message of such an error says where, and what is known instead: beside a listing that is not whole, Utho's own
  // words may be those of a success.
  if (apiMessage === undefined || error instanceof UnexpectedResponseError)
    return error.status === undefined ? `nothing; ${error.message}` : error.message;
  const status = error.status === undefined ? "" : `, HTTP ${error.status}`;
  const attempts = error.attempts > 1 ? `, ${error.attempts} attempts` : "";
  return `${apiMessage} (${error.method} ${error.path}${status}${attempts})`;
}

/** What Utho answers; `undefined` where it does not, or refuses. */
export async function ifAnswered<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof UthoError) return undefined;
    throw error;
  }
}

/** Whether an answer says that the API has no such call. */
export function isNotOffered(error: unknown): boolean {
  return [NotFoundError, BadRequestError, UnexpectedResponseError].some((kind) => error instanceof kind);
}

/** Turns any error into one that a user can act on. The only translator from the client's errors. */
export function toFailure(error: unknown, doing: string): ProviderFailure {
  if (error instanceof ProviderFailure) return error;
  if (error instanceof UthoError) {
    return new ProviderFailure({
      code: error.code,
      attempted: doing,
      because:
        error.effect === "none"
          ? "the request failed, and nothing was changed by it."
          : "the request failed.",
      said: saidBy(error),
      kept: "the state is unchanged.",
      next: nextAfter(error),
      cause: error,
    });
  }
  return new ProviderFailure({
    code: "UTHO_INTERNAL",
    attempted: doing,
    because: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
    kept: "the state is unchanged.",
    next: "please report this with the command that you ran.",
    cause: error,
  });
}

function nextAfter(error: UthoError): string {
  const { code } = error;
  const next = NEXT[code] ?? "run again; if it stays, see the documentation of this code.";
  if (error.foreign) return `${FOREIGN} ${proxyAdvice(error.proxy)}`;
  // The reads before it went well, so the token is good and may not change anything.
  if (code === "UTHO_AUTH" && error.method !== "GET") return LACKS_RIGHT;
  return error.proxy !== undefined && ON_THE_WAY.has(code) ? `${next} ${proxyAdvice(error.proxy)}` : next;
}

const LACKS_RIGHT =
  "give the token of an API key with read and write access (in Utho's console under API; a read-only key can only look), by `pulumi config set --secret utho:token <token>` or UTHO_TOKEN; for a resource with a Provider of its own, as that Provider's `token`. If the key has it, its user lacks the right to what \"Utho said\" names.";

const FOREIGN = "what answered is not Utho's API but a proxy or a gateway on the way to it.";

/** Failures that a proxy can be the cause of. */
const ON_THE_WAY: ReadonlySet<Code> = new Set([
  "UTHO_NETWORK",
  "UTHO_TIMEOUT",
  "UTHO_SERVER_ERROR",
  "UTHO_UNEXPECTED_RESPONSE",
]);

function proxyAdvice(proxy: string | undefined): string {
  return proxy === undefined
    ? "Check the network and utho:endpoint; if it stays, ask the people who run the network."
    : `Requests go through the proxy of ${proxy}: check it, or except Utho from it by NO_PROXY.`;
}

const NEXT: Partial<Record<Code, string>> = {
  UTHO_AUTH:
    "check the token (`pulumi config set --secret utho:token <token>` or UTHO_TOKEN; of a resource with a Provider of its own, that Provider's `token`): it may be wrong, expired, or without the right.",
  UTHO_BAD_REQUEST: "correct what Utho names; the same request will be refused again.",
  UTHO_NOT_FOUND: "check the ids, and that the token belongs to the account that owns them.",
  UTHO_SERVER_ERROR: "the fault is on Utho's side; run again later.",
  UTHO_TIMEOUT:
    "run again; a longer utho:requestTimeout (for reads) or utho:writeTimeout (for changes) waits longer for each answer.",
  UTHO_NETWORK: "check the network and utho:endpoint, and run again.",
  UTHO_UNEXPECTED_RESPONSE:
    "run again; if it stays, check utho:endpoint: what answers there may not speak Utho's API.",
  UTHO_RATE_LIMITED: "wait a while and run again; a longer utho:pollInterval asks less often.",
};
