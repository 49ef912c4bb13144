import { CODES, type Code } from "./codes";

/** What a failure tells, in the order in which a person reads it. */
export interface FailureStory {
  code: Code;
  /** What was attempted, and on what: "take snapshot \"nightly\" of server 1001 (web-1)". */
  attempted: string;
  /** Why it did not work, in one sentence or two. */
  because: string;
  /** What the cloud said, word for word. */
  said?: string;
  /** What exists, and what state knows, after the failure. */
  kept: string;
  /** What the user can do now. */
  next: string;
  cause?: unknown;
}

/** A failure told to the user. Its message is the whole story, since the engine shows nothing but the message. */
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

/**
 * A failure after the cloud object is known: the engine keeps `id` and `properties` in state, and the next update
 * goes on from there.
 */
export class PartialFailure extends ProviderFailure {
  readonly id: string;
  readonly properties: Record<string, unknown>;
  readonly reasons: string[];

  constructor(story: FailureStory, id: string, properties: Record<string, unknown>) {
    super(story);
    this.name = "PartialFailure";
    this.id = id;
    this.properties = properties;
    this.reasons = [this.message];
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
    `  More:      docs/errors.md#${story.code.toLowerCase()}`,
  );
  // Texts of the cloud may hold anything, escape sequences included; each line stays one line.
  return lines.map((line) => line.replace(/\p{Cc}+/gu, " ")).join("\n");
}
