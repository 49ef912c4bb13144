#!/usr/bin/env bash
# snapshots.sh up | drift: for cron, see the crontab beside it. Quiet when all is well, so that cron writes no mail.
# Exit codes: 0 well, 7 drift, other: the command failed, and says nothing about the snapshots.
set -euo pipefail

: "${SNAPSHOTS_PROGRAM:=/srv/snapshots}" "${SNAPSHOTS_STACK:=prod}" "${SNAPSHOTS_ENV:=/etc/snapshots.env}"
cd "$SNAPSHOTS_PROGRAM"

# UTHO_TOKEN, PULUMI_BACKEND_URL, PULUMI_CONFIG_PASSPHRASE_FILE: a file that only its owner can read.
set -a
# shellcheck source=/dev/null
. "$SNAPSHOTS_ENV"
set +a

# Two never run on one stack at once: the second waits for an hour, and then says so.
exec 9> "$SNAPSHOTS_PROGRAM/.snapshots.lock"
flock --wait 3600 9 || { echo "Another run has not ended for an hour; nothing was done."; exit 1; }

stack=(--stack "$SNAPSHOTS_STACK" --non-interactive --color never)
case "${1:-}" in
  up) command=(pulumi up --yes "${stack[@]}") ;;
  drift) command=(pulumi refresh --preview-only --expect-no-changes --diff "${stack[@]}") ;;
  *) echo "snapshots.sh up | drift"; exit 2 ;;
esac

code=0
output=$("${command[@]}" 2>&1) || code=$?
[ "$code" = 0 ] && exit 0
case "$1 $code" in
  "drift 7") echo "DRIFT: a snapshot of stack $SNAPSHOTS_STACK is missing or was changed outside." ;;
  *) echo "FAILED: ${command[*]} ended with $code; this says nothing about the snapshots." ;;
esac
printf '%s\n' "$output"
exit "$code"
