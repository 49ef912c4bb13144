import type { ServerInfo } from "../../provider/lookup/types";
import { visible } from "../screen/text";

/** What the project is about. */
export interface NightlyProject {
  /** Name of the project: that of its folder. */
  name: string;
  servers: readonly Pick<ServerInfo, "cloudId" | "hostname">[];
  stack: string;
  timeZone: string;
  /** When cron runs it, `02:00`. */
  at: string;
  /** What npm installs as pulumi-utho, and as Pulumi's SDK. */
  packages: { "pulumi-utho": string; "@pulumi/pulumi": string };
  /** Folders of Node.js and of the Pulumi CLI, for cron. */
  path: readonly string[];
  /** Where the state is; `undefined`: in the folder. */
  backend: string | undefined;
}

/** All files of the project, by name. */
export function nightlyFiles(project: NightlyProject): Record<string, string> {
  const { name, packages } = project;
  const manifest = { name, version: "1.0.0", private: true, main: "index.js", dependencies: packages };
  return {
    "Pulumi.yaml": `name: ${name}\ndescription: A snapshot of each server every night, kept by a policy\nruntime:\n  name: nodejs\n  options:\n    typescript: false\n`,
    "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
    "index.js": programOf(project),
    "nightly.sh": SCRIPT,
    "nightly.env": environmentOf(project),
    ".gitignore": "node_modules/\nstate/\npassphrase\nnightly.env\n.nightly.lock\n",
    "README.md": readmeOf(project),
  };
}

function programOf({ servers, timeZone }: NightlyProject): string {
  const list = servers.map(
    ({ cloudId, hostname }) => `    ${JSON.stringify(cloudId)}, // ${visible(hostname)}\n`,
  );
  return `"use strict";
const utho = require("pulumi-utho");

// One snapshot of each server a night. A server that is taken out of the list keeps its snapshots.
const nightly = new utho.SnapshotRotation("nightly", {
  cloudIds: [
${list.join("")}  ],
  every: "24h",
  keep: { last: 3, daily: 7, weekly: 5, monthly: 12 },
  timeZone: ${JSON.stringify(timeZone)},
});

exports.nextDue = nightly.nextDue;
exports.monthlyCost = nightly.monthlyCost; // list price in INR
exports.losses = nightly.losses; // what was deleted outside
`;
}

/** The same as examples/ci/cron/nightly.sh, which a test compares. */
const SCRIPT = `#!/usr/bin/env bash
# For cron:
#   nightly.sh         takes and deletes what is due
#   nightly.sh check   is every snapshot there, and the newest of each server young enough? It changes nothing. Run it
#                      hours later, at best on another machine: it sees also a run that hung or never began.
# Prints nothing when all is well, so that cron sends no mail. Otherwise the lines say what happened and what to do.
# Exit code 0: done, though there may be warnings; 1: look at it; 2: wrong usage.
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"
# PATH, UTHO_TOKEN, PULUMI_…, NIGHTLY_…: the one place for the environment. Only its owner can read it.
set -a
# shellcheck source=/dev/null
. "\${NIGHTLY_ENV:-./nightly.env}"
set +a
: "\${PULUMI_STACK:=prod}" "\${NIGHTLY_LIMIT:=4h}" "\${NIGHTLY_LOCK_WAIT:=3600}" "\${NIGHTLY_MAX_AGE:=26h}"

failed() {
  printf 'FAILED on %s, stack %s: %s\\n' "$(hostname)" "$PULUMI_STACK" "$1"
}

# Says what is wrong, a sentence for each finding. $1: the kinds of findings that count.
report() {
  local code=0 said
  local ignore=()
  [ ! -e ignore.json ] || ignore=(--ignore ignore.json)
  said=$(timeout 15m npx --no pulumi-utho report --stack "$PULUMI_STACK" --format brief --max-age "$NIGHTLY_MAX_AGE" \\
    --fail-on "$1" \${ignore[@]+"\${ignore[@]}"} 2>&1) || code=$?
  case "$code" in
    0) return 0 ;;
    1) ;;
    124) failed "the check did not end within 15 minutes. This is no all-clear: run ./nightly.sh check." ;;
    *) failed "the check ended with $code and says nothing about the snapshots. This is no all-clear: run ./nightly.sh check." ;;
  esac
  printf '%s\\n' "$said"
  return 1
}

# What Pulumi says at the end, at most a screen.
ending() {
  awk '{ line[NR] = $0 } /^Diagnostics:/ { from = NR }
    END { if (!from) from = NR > 20 ? NR - 19 : 1; for (i = from; i <= NR && i < from + 30; i++) print line[i] }'
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
  output=$(timeout --foreground --signal=INT --kill-after=10m "$NIGHTLY_LIMIT" \\
    pulumi up --yes --skip-preview --non-interactive --color never --stack "$PULUMI_STACK" 2>&1 9>&-) || code=$?
  case "$code" in
    0)
      warnings=$(printf '%s\\n' "$output" | awk 'sub(/^ *warning: /, "") && !seen[$0]++ && ++shown <= 20')
      [ -z "$warnings" ] || printf 'Warnings of stack %s:\\n%s\\n' "$PULUMI_STACK" "$warnings"
      return "$check"
      ;;
    124 | 137) failed "pulumi up did not end within $NIGHTLY_LIMIT and was stopped. Not all snapshots of this night were taken. Run ./nightly.sh again: it takes over what was begun." ;;
    *) failed "pulumi up ended with $code. Not all snapshots of this night were taken. Correct what it names, and run ./nightly.sh again." ;;
  esac
  printf '%s\\n' "$output" | ending
  return 1
}

case "\${1:-up}" in
  up) up ;;
  check)
    report drift,missing,failed,interrupted,uncovered,stale
    # The other end raises the alarm when this does not come: also when this machine is off.
    [ -z "\${NIGHTLY_HEARTBEAT:-}" ] || curl -fsS --max-time 20 --retry 3 --output /dev/null "$NIGHTLY_HEARTBEAT" || {
      failed "all is well, but the heartbeat could not be sent."
      exit 1
    }
    ;;
  *) echo "nightly.sh [up | check]"; exit 2 ;;
esac
`;

function environmentOf({ path, backend, stack }: NightlyProject): string {
  const folders = [...new Set([...path, "/usr/local/bin", "/usr/bin", "/bin"])];
  return `# The one place for the environment: of nightly.sh, and of your own commands in this folder:
#   set -a; . ./nightly.env; set +a
PATH=${quoted(folders.join(":"))}
PULUMI_BACKEND_URL=${backend === undefined ? '"file://$PWD/state"' : quoted(backend)}
PULUMI_CONFIG_PASSPHRASE_FILE="$PWD/passphrase"
PULUMI_STACK=${quoted(stack)}
PULUMI_SKIP_UPDATE_CHECK=1
# NIGHTLY_HEARTBEAT=https://…   asked after each good check; a heartbeat service raises the alarm when that fails to come
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The lines for cron: the run, and four hours later the check. */
export function cronLines(folder: string, at: string): string[] {
  const [hour = 0, minute = 0] = at.split(":").map(Number);
  const script = `${/^[\w./-]+$/.test(folder) ? folder : quoted(folder)}/nightly.sh`;
  return [`${minute} ${hour} * * *  ${script}`, `${minute} ${(hour + 4) % 24} * * *  ${script} check`];
}

function readmeOf({ name, backend }: NightlyProject): string {
  const state = backend === undefined ? "`state/` holds Pulumi's state and " : "";
  return `# ${name}

A snapshot of each server every night: the last 3, and the newest of each of the last 7 days, 5 weeks and 12 months.

\`\`\`sh
cd ${name}
set -a; . ./nightly.env; set +a                       # PATH, state, passphrase, stack
pulumi preview                                        # what the next run would take and delete, by the state
npx --no pulumi-utho rotation plan --stack "$PULUMI_STACK"   # by what the account holds, with reasons and costs
./nightly.sh                                          # what cron does; no output: all is well
npx --no pulumi-utho restore <server> --stack "$PULUMI_STACK"   # what a server can be put back to
\`\`\`

- Servers and policy are in \`index.js\`. A server that is taken out keeps its snapshots.
- The token is in the stack's settings, encrypted; a new one: \`pulumi config set --secret utho:token\`.
- ${state}\`passphrase\` decrypts the token. Keep a copy of both somewhere else; neither belongs into git.
- \`./nightly.sh check\` reports losses and backups that are too old, and changes nothing. A server that needs none goes into \`ignore.json\`, as in docs/report.md of pulumi-utho.
- What was deleted outside, the state still lists: after a loss that is reported, \`pulumi preview --refresh\` shows and \`pulumi up --refresh\` takes what is due without it.
- cron sends what \`nightly.sh\` prints to \`MAILTO\`; on a good night it prints nothing.
- Snapshots are billed by Utho until they are deleted. \`pulumi destroy\` keeps them; \`onRemove: "delete"\` does not.
`;
}
