import type { ServerInfo } from "../../provider/lookup/types";
import { packageText } from "../package-version";
import { quoted, shellWord, visible } from "../screen/text";

/** What the project is about. */
export interface NightlyProject {
  /** Name of the project: that of its folder. */
  name: string;
  servers: readonly Pick<ServerInfo, "cloudId" | "hostname">[];
  /** Servers of the account that were not chosen: the check counts them as known. */
  leftOut: readonly Pick<ServerInfo, "cloudId" | "hostname">[];
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
    "nightly.sh": script(),
    "nightly.env": environmentOf(project),
    ".gitignore": "node_modules/\nstate/\npassphrase\nnightly.env\n.nightly.*\n",
    "README.md": readmeOf(project),
    ...(project.leftOut.length === 0 ? {} : { "ignore.json": ignoreOf(project) }),
  };
}

/** By their ids: a server that is made later is reported, whatever its hostname. */
function ignoreOf({ leftOut }: NightlyProject): string {
  const ignore = leftOut.map(({ cloudId, hostname }) => {
    const reason = `${visible(hostname)} was not chosen at \`init nightly\``;
    return { match: cloudId, kinds: ["uncovered", "stale"], reason };
  });
  return `${JSON.stringify({ ignore }, null, 2)}\n`;
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

/** The recipe for cron, which the package has, and which tests run over bad nights. */
function script(): string {
  const text = packageText("examples/ci/cron/nightly.sh");
  if (text === undefined) throw new Error("The package pulumi-utho is not complete: it has no package.json.");
  return text;
}

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

/** The lines for cron: the run, and four hours later the check. */
export function cronLines(folder: string, at: string): string[] {
  const [hour = 0, minute = 0] = at.split(":").map(Number);
  const script = `${shellWord(folder)}/nightly.sh`;
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
- \`./nightly.sh check\` reports losses and backups that are too old, and changes nothing. A server that needs none is in \`ignore.json\` (as in docs/report.md of pulumi-utho); a new one is reported until it is there or in \`index.js\`.
- What was deleted outside, the state still lists: after a loss that is reported, \`pulumi preview --refresh\` shows and \`pulumi up --refresh\` takes what is due without it.
- cron sends what \`nightly.sh\` prints to \`MAILTO\`; on a good night it prints nothing.
- Snapshots are billed by Utho until they are deleted. \`pulumi destroy\` keeps them; \`onRemove: "delete"\` does not.
`;
}
