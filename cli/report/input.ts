import * as v from "valibot";
import { parseDuration } from "../../provider/duration";
import { UsageError } from "../screen/terminal";
import { readTextFile } from "../stack/file";
import type { IgnoreRule } from "./judgement";
import { FINDING_KINDS, type FindingKind, SCHEMA_VERSION } from "./model";

const DAY_MS = 86_400_000;

/** Milliseconds of "24h", "7d" or "1d12h"; a day is 24 hours. @throws UsageError */
export function readMaxAge(text: string): number {
  const [, days, rest = ""] = /^(?:(\d+(?:\.\d+)?)d)?(.*)$/.exec(text.trim()) ?? [];
  const restMs = rest === "" ? 0 : parseDuration(rest);
  const ms = restMs === undefined ? Number.NaN : Number(days ?? 0) * DAY_MS + restMs;
  if (text.trim() !== "" && ms > 0 && Number.isFinite(ms)) return ms;
  throw new UsageError(`--max-age: "${text}" is no duration above 0, such as 24h or 7d`);
}

/** Kinds of a list such as "drift,missing"; "none" for no kind at all. @throws UsageError */
export function readFailOn(text: string): FindingKind[] {
  if (text.trim() === "none") return [];
  const words = text.split(",").map((word) => word.trim());
  const unknown = words.filter((word) => !isKind(word));
  if (unknown.length > 0) {
    throw new UsageError(
      `--fail-on: "${unknown.join(", ")}" is not one of ${FINDING_KINDS.join(", ")}, none`,
    );
  }
  return FINDING_KINDS.filter((kind) => words.includes(kind));
}

function isKind(word: string): word is FindingKind {
  return FINDING_KINDS.some((kind) => kind === word);
}

const baselineSchema = v.object({
  schemaVersion: v.literal(SCHEMA_VERSION),
  findings: v.array(v.object({ key: v.string() })),
});

/** Keys of the findings of an earlier JSON report. @throws UsageError */
export function readBaseline(path: string): Set<string> {
  const result = v.safeParse(baselineSchema, readJson("--baseline", path));
  if (result.success) return new Set(result.output.findings.map(({ key }) => key));
  throw new UsageError(
    `--baseline: ${path} is no report of this version (\`--format json\`): ${issueOf(result.issues)}`,
  );
}

const day = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}$/, "wanted a day such as 2027-01-31"),
  v.check((text) => isDay(text), "there is no such day"),
);

const ignoreSchema: v.GenericSchema<unknown, { ignore: IgnoreRule[] }> = v.strictObject({
  ignore: v.array(
    v.strictObject({
      match: v.pipe(v.string(), v.nonEmpty("it would match nothing")),
      kinds: v.optional(v.array(v.picklist(FINDING_KINDS))),
      reason: v.optional(v.string()),
      until: v.optional(day),
    }),
  ),
});

/** The rules of an ignore file. @throws UsageError */
export function readIgnore(path: string): IgnoreRule[] {
  const result = v.safeParse(ignoreSchema, readJson("--ignore", path));
  if (result.success) return result.output.ignore;
  throw new UsageError(`--ignore: ${path}: ${issueOf(result.issues)}`);
}

/** Date takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function issueOf(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const [first] = issues;
  return `${v.getDotPath(first) ?? "the whole"}: ${first.message}`;
}

function readJson(option: string, path: string): unknown {
  try {
    const value: unknown = JSON.parse(readTextFile(path));
    return value;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${option}: cannot read ${path}: ${reason}`, { cause });
  }
}
