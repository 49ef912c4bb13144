import { UthoError } from "../../client/errors";
import { redact } from "../../client/redact";
import { pageOf } from "../../provider/codes";
import { ProviderFailure, toFailure } from "../../provider/failure";

/**
 * The one style of every error: `error: <code if any> <what>; next: <what to do>`, on one line, so that it can be
 * searched for in the log of a CI job.
 */
export function errorLine(error: unknown, next: string, env: NodeJS.ProcessEnv): string {
  const failure = error instanceof UthoError ? toFailure(error, "talk to Utho") : error;
  const text = failure instanceof ProviderFailure ? storyOf(failure) : `${messageOf(failure)}; next: ${next}`;
  return redact(`error: ${oneLine(text)}`, env.UTHO_TOKEN?.trim() ?? "");
}

function storyOf({ code, story }: ProviderFailure): string {
  const said = story.said === undefined || story.said === "" ? "" : ` Utho said: ${withoutStop(story.said)}.`;
  const what = `could not ${story.attempted}: ${withoutStop(story.because)}.${said} Kept: ${story.kept}`;
  return `${code} ${withoutStop(what)}; next: ${story.next} (${pageOf(code)})`;
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return withoutStop(text.replace(/^error: /, ""));
}

function withoutStop(text: string): string {
  return text.trim().replace(/\.$/, "");
}

/** Texts of a cloud, of a file or of another program may hold anything, escape sequences included. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, " ");
}
