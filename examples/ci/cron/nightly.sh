#!/usr/bin/env bash
# For cron:
#   nightly.sh         takes and deletes what is due
#   nightly.sh check   is every snapshot there, and the newest of each server young enough? It changes nothing. Run it
#                      hours later, at best on another machine: it sees also a run that hung or never began.
# Prints nothing when all is well, so that cron sends no mail. Otherwise the lines say what happened and what to do.
# Exit code 0: done, though there may be warnings; 1: look at it; 2: wrong usage.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# PATH, UTHO_TOKEN, PULUMI_…, NIGHTLY_…: the one place for the environment. Only its owner can read it.
set -a
# shellcheck source=/dev/null
. "${NIGHTLY_ENV:-./nightly.env}"
set +a
export NPM_CONFIG_UPDATE_NOTIFIER=false # npm's own news are no part of a mail
: "${PULUMI_STACK:=prod}" "${NIGHTLY_LIMIT:=4h}" "${NIGHTLY_LOCK_WAIT:=3600}" "${NIGHTLY_MAX_AGE:=26h}"

failed() {
  printf 'FAILED on %s, stack %s: %s\n' "$(hostname)" "$PULUMI_STACK" "$1"
}

# Says what is wrong, a sentence for each finding. $1: the kinds of findings that count.
report() {
  local code=0 said
  local ignore=()
  [ ! -e ignore.json ] || ignore=(--ignore ignore.json)
  said=$(timeout 15m npx --no pulumi-utho report --stack "$PULUMI_STACK" --format brief --max-age "$NIGHTLY_MAX_AGE" \
    --fail-on "$1" ${ignore[@]+"${ignore[@]}"} 2>&1) || code=$?
  case "$code" in
    0) return 0 ;;
    1) ;;
    124) failed "the check did not end within 15 minutes. This is no all-clear: run ./nightly.sh check." ;;
    *) failed "the check ended with $code and says nothing about the snapshots. This is no all-clear: correct what it names, and run ./nightly.sh check." ;;
  esac
  printf '%s\n' "$said"
  return 1
}

# What Pulumi says of the failure, at most a screen. The outputs after it are those of an earlier night.
ending() {
  awk '/^Diagnostics:/ { from = NR } from && /^(Outputs|Resources):/ { exit } { line[++n] = $0 }
    END { if (!from) from = n > 20 ? n - 19 : 1; for (i = from; i <= n && i < from + 30; i++) if (line[i] != "") print line[i] }'
}

up() {
  local code=0 check=0 output warnings
  # Two never run at once. The lock is of this script alone: a process that it leaves behind does not keep it.
  if command -v flock > /dev/null; then
    exec 9> .nightly.lock
    flock --wait "$NIGHTLY_LOCK_WAIT" 9 || {
      failed "an earlier run holds the lock .nightly.lock, and no snapshot was taken. See what it waits for: ps -ef | grep '[p]ulumi'"
      return 1
    }
  fi
  # The check comes first: an update records what it finds as the new truth.
  report drift,missing,failed 9>&- || check=1
  # A disk that gets full during an update leaves half a state. One that has no room for this copy begins none.
  output=$(pulumi stack export --stack "$PULUMI_STACK" --file .nightly.state.new 2>&1 9>&-) || {
    failed "the state could not be copied, and no snapshot was taken. Correct what it names (is the disk full?), and run ./nightly.sh again."
    printf '%s\n' "$output"
    return 1
  }
  mv .nightly.state.new .nightly.state.json
  output=$(timeout --foreground --signal=INT --kill-after=10m "$NIGHTLY_LIMIT" \
    pulumi up --yes --skip-preview --non-interactive --color never --stack "$PULUMI_STACK" 2>&1 9>&-) || code=$?
  case "$code" in
    0)
      warnings=$(printf '%s\n' "$output" | awk 'sub(/^ *warning: /, "") && !seen[$0]++ && ++shown <= 20')
      [ -z "$warnings" ] || printf 'Warnings of stack %s:\n%s\n' "$PULUMI_STACK" "$warnings"
      return "$check"
      ;;
    124 | 137) failed "pulumi up did not end within $NIGHTLY_LIMIT and was stopped. Not all snapshots of this night were taken. Run ./nightly.sh again: it takes over what was begun." ;;
    *) failed "pulumi up ended with $code. Not all snapshots of this night were taken. Correct what it names, and run ./nightly.sh again. If it names a damaged state: pulumi stack import --file .nightly.state.json" ;;
  esac
  printf '%s\n' "$output" | ending
  return 1
}

case "${1:-up}" in
  up) up ;;
  check)
    report drift,missing,failed,interrupted,uncovered,stale
    # The other end raises the alarm when this does not come: also when this machine is off.
    [ -z "${NIGHTLY_HEARTBEAT:-}" ] || curl -fsS --max-time 20 --retry 3 --output /dev/null "$NIGHTLY_HEARTBEAT" || {
      failed "all is well, but the heartbeat could not be sent."
      exit 1
    }
    ;;
  *) echo "nightly.sh [up | check]"; exit 2 ;;
esac
