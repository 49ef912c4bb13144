#!/usr/bin/env bash
# For cron: takes and deletes what is due. Prints nothing on a good night, so that cron sends no mail.
# Exit code 0: all is well. Otherwise the lines say what happened.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
set -a
# shellcheck source=/dev/null
. ./nightly.env
set +a

# Two never run at once: the second waits for an hour, and then says so.
if command -v flock > /dev/null; then
  exec 9> .nightly.lock
  flock --wait 3600 9 || { echo "FAILED: another run has not ended for an hour; nothing was done."; exit 1; }
fi

# What was lost or changed outside is reported before the update records it as the new truth.
check=0
findings=$(node_modules/.bin/pulumi-utho report --stack "$PULUMI_STACK" 2>&1) || check=$?
[ "$check" = 0 ] || printf '%s\n' "$findings"

update=0
output=$(pulumi up --yes --skip-preview --non-interactive --color never --stack "$PULUMI_STACK" 2>&1) || update=$?
[ "$update" = 0 ] || printf 'FAILED: the snapshots of this night were not all taken.\n%s\n' "$output"
[ "$check$update" = 00 ]
