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

/** The check comes first: an update records what it finds as the new truth. */
const SCRIPT = `#!/usr/bin/env bash
# For cron: takes and deletes what is due. Prints nothing on a good night, so that cron sends no mail.
# Exit code 0: all is well. Otherwise the lines say what happened.
set -euo pipefail
cd "$(dirname "\${BASH_SOURCE[0]}")"
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
[ "$check" = 0 ] || printf '%s\\n' "$findings"

update=0
output=$(pulumi up --yes --skip-preview --non-interactive --color never --stack "$PULUMI_STACK" 2>&1) || update=$?
[ "$update" = 0 ] || printf 'FAILED: the snapshots of this night were not all taken.\\n%s\\n' "$output"
[ "$check$update" = 00 ]
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
`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** The line for cron. */
export function cronLine(folder: string, at: string): string {
  const [hour = 0, minute = 0] = at.split(":").map(Number);
  return `${minute} ${hour} * * *  ${/^[\w./-]+$/.test(folder) ? folder : quoted(folder)}/nightly.sh`;
}

function readmeOf({ name, backend }: NightlyProject): string {
  const state = backend === undefined ? "`state/` holds Pulumi's state and " : "";
  return `# ${name}

A snapshot of each server every night: the last 3, and the newest of each of the last 7 days, 5 weeks and 12 months.

\`\`\`sh
cd ${name}
set -a; . ./nightly.env; set +a                       # PATH, state, passphrase, stack
pulumi preview                                        # what the next run would take and delete
npx --no pulumi-utho rotation plan --stack "$PULUMI_STACK"   # the same, with reasons and costs
./nightly.sh                                          # what cron does; no output: all is well
npx --no pulumi-utho restore <server> --stack "$PULUMI_STACK"   # what a server can be put back to
\`\`\`

- Servers and policy are in \`index.js\`. A server that is taken out keeps its snapshots.
- The token is in the stack's settings, encrypted; a new one: \`pulumi config set --secret utho:token\`.
- ${state}\`passphrase\` decrypts the token. Keep a copy of both somewhere else; neither belongs into git.
- cron sends what \`nightly.sh\` prints to \`MAILTO\`; on a good night it prints nothing.
- Snapshots are billed by Utho until they are deleted. \`pulumi destroy\` keeps them; \`onRemove: "delete"\` does not.
`;
}
