import { readFileSync } from "node:fs";
import path from "node:path";
import { REPOSITORY } from "./prerequisites.mjs";
import { table } from "./table.mjs";
import { PROGRAM } from "./workspace.mjs";

/** A command did not end as it should. */
export class UnexpectedEnd extends Error {}

/** Exit code of a Pulumi command that found changes in spite of `--expect-no-changes`. */
const CHANGES_FOUND = 7;

/** What each step gets: the screen to write to, the Pulumi CLI, and the simulated Utho. */
export const steps = [prepare, take, takeAgain, drift, repair, list, remove];

async function prepare(tools) {
  const { screen, simulator } = tools;
  screen.heading("Getting ready");
  const servers = simulator.cloud.servers();
  const named = servers.map(({ hostname, cloudId }) => `${hostname} (id ${cloudId})`).join(" and ");
  screen.text(`A simulated Utho listens at ${simulator.url}. Its account has two servers: ${named}.`);
  screen.line();
  screen.text(
    "A stack is one installation of a program: its settings, and a state in which Pulumi notes what it made. This " +
      "one lives in a temporary folder.",
  );
  await must(tools, 0, "stack", "init", "dev");
  screen.line();
  screen.text(
    "Its settings say where Utho is, and the API token; a secret is stored encrypted. (A simulated snapshot takes " +
      "seconds and not minutes, so it is looked at every second.)",
  );
  await must(
    tools,
    0,
    "config",
    "set-all",
    ...["--secret", `utho:token=${simulator.token}`],
    ...["--plaintext", `utho:endpoint=${simulator.url}`],
    ...["--plaintext", "utho:pollInterval=1s"],
  );
  screen.text(`The program, ${PROGRAM}/index.ts:`);
  screen.line();
  screen.quote(readFileSync(path.join(REPOSITORY, PROGRAM, "index.ts"), "utf8"));
}

async function take(tools) {
  const { screen } = tools;
  screen.heading("1 of 6: take the snapshots");
  screen.text(
    "`pulumi up` runs the program and compares what it declares with the state. First it shows what it would do, " +
      "the preview; a plus sign means: create. Then it does it, and waits until both snapshots are usable. " +
      "(--yes: without asking in between.)",
  );
  await must(tools, 0, "up", "--yes");
}

async function takeAgain(tools) {
  const { screen } = tools;
  screen.heading("2 of 6: the same again");
  screen.text(
    "A second `pulumi up` finds everything as declared: no second snapshot is taken. It can run from cron or CI as " +
      "often as you like.",
  );
  await must(tools, 0, "up", "--yes");
}

async function drift(tools) {
  const { screen, simulator } = tools;
  screen.heading("3 of 6: a backup goes missing, and you hear of it");
  const [server] = simulator.cloud.servers();
  const [lost] = simulator.cloud.snapshots(server.cloudId);
  simulator.cloud.deleteSnapshot(lost.id);
  screen.text(
    `Outside Pulumi, someone has just deleted the snapshot of ${server.hostname}: number ${lost.id}, ` +
      `${lost.name}. \`pulumi refresh --preview-only\` asks Utho for what is really there and changes nothing, ` +
      "neither in Utho nor in the state; with --expect-no-changes its exit code shows a script what it found.",
  );
  await must(tools, CHANGES_FOUND, "refresh", "--preview-only", "--expect-no-changes");
  screen.line();
  screen.good(`The exit code was ${CHANGES_FOUND}: there is a difference.`);
  screen.text(
    "The minus sign marks the snapshot that is in the state and no longer in Utho. 0 would mean that all is as it " +
      "should be, and any other code that the check itself failed. In CI this one command is the drift alarm.",
  );
}

async function repair(tools) {
  const { screen } = tools;
  screen.heading("4 of 6: repair it");
  screen.text(
    "`pulumi up --refresh` looks at Utho first, sees that one declared snapshot is missing, and takes a new one. " +
      "The other is left alone.",
  );
  await must(tools, 0, "up", "--refresh", "--yes");
}

async function list({ screen, pulumi }) {
  screen.heading("5 of 6: what there is now");
  screen.text("The program exports its snapshots, and Pulumi keeps these outputs. As a table:");
  screen.command(["pulumi", "stack", "output", "snapshots", "--json"]);
  const snapshots = JSON.parse(await pulumi.read("stack", "output", "snapshots", "--json"));
  const columns = [
    { title: "Name" },
    { title: "Server" },
    { title: "Created (UTC)" },
    { title: "Size", right: true },
    { title: "A month", right: true },
  ];
  const rows = snapshots.map(({ name, serverName, createdAt, sizeGb, monthlyCost }) => [
    name,
    serverName,
    createdAt.slice(0, 16).replace("T", " "),
    `${sizeGb} GB`,
    `₹${monthlyCost}`,
  ]);
  screen.quote(table(columns, rows));
}

async function remove(tools) {
  const { screen } = tools;
  screen.heading("6 of 6: remove everything");
  screen.text("`pulumi destroy` deletes what this stack made, and nothing else.");
  await must(tools, 0, "destroy", "--yes");
}

/** Runs a command that has to end with this exit code. */
async function must({ screen, pulumi }, wanted, ...args) {
  const code = await pulumi.show(...args);
  if (code === wanted) return;
  // On a terminal, Pulumi takes Ctrl-C for itself, and no other process receives it.
  const why = screen.isTerminal
    ? "it was interrupted, or failed as it says above"
    : "it failed as it says above";
  throw new UnexpectedEnd(
    `\`pulumi ${args.join(" ")}\` ended with exit code ${code} instead of ${wanted}: ${why}. ` +
      "Everything that the quickstart made is removed.",
  );
}
