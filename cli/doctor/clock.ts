import { Check, type Finding } from "./finding";

/** A clock that differs by more is reported; Utho's own answers take a second or two. */
const REPORTED_SKEW_MS = 60_000;
/** Beyond this the provider misjudges times: that of an interrupted run, and the cloud's time zone. */
const HARMFUL_SKEW_MS = 15 * 60_000;

/**
 * Compares this machine's clock with the time of an answer.
 * @param dated milliseconds since the epoch by each clock; `undefined`: no answer had a time
 */
export function clockFinding(dated: { theirs: number; ours: number } | undefined): Finding {
  const check = new Check("clock", "Clock");
  if (dated === undefined) return check.skipped("no answer had a time");
  const skew = dated.ours - dated.theirs;
  const difference = `${Math.round(Math.abs(skew) / 1000)} s ${skew < 0 ? "behind" : "ahead of"} the endpoint's`;
  const next = "set this machine's clock, by NTP for example.";
  if (Math.abs(skew) > HARMFUL_SKEW_MS)
    return check.problem(`${difference}: what interrupted runs left may not be recognised`, next);
  if (Math.abs(skew) > REPORTED_SKEW_MS) return check.warning(difference, next);
  return check.ok("agrees with the endpoint's to the minute");
}
