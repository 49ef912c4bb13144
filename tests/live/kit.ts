import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_ENDPOINT } from "../../client/options";
import { type Cleaned, cleanUp } from "./cleanup";
import { textOf } from "./json";
import { Guard } from "./observer/guard";
import { Observer } from "./observer/observer";
import { isSuccess, messageOf, pathOf, serverIn, snapshotRows } from "./observer/rows";
import { describePlan } from "./plan";
import { Workspace } from "./pulumi";
import { toMarkdown } from "./report/markdown";
import { Redactor } from "./report/redact";
import { buildReport, type Report } from "./report/report";
import { type Outcome, runScenarios } from "./scenarios";
import type { Session } from "./session";
import { type LiveSettings, Refusal, readLiveSettings } from "./settings";
import { Shelf } from "./shelf";

/** What the names of all runs' snapshots begin with: a stack's name of which no generated name cuts anything off. */
const OF_ANY_RUN = /^u[0-9a-f]{8}-/i;

/** What surrounds a run; a test gives its own. */
export interface Surroundings {
  env: NodeJS.ProcessEnv;
  say(line: string): void;
  /** Aborted when the user wants the run to end; everything is cleaned up then. */
  signal: AbortSignal;
  /** The package's folder. */
  root: string;
  /** Finds or gets the Pulumi CLI; called only once everything else is agreed. */
  engine(): Promise<{ bin: string; version: string }>;
}

export interface Ended {
  report: Report;
  files: { markdown: string; json: string };
}

/** Runs all scenarios. @throws Refusal before anything is done */
export async function runKit(surroundings: Surroundings): Promise<Ended> {
  const { env, say } = surroundings;
  const settings = readOrExplain(env);
  const runId = randomBytes(4).toString("hex");
  const stack = `u${runId}`;
  const prefix = `${stack}-`;
  const guard = new Guard({ cloudId: settings.cloudId, prefix, restore: settings.restore });
  const observer = await Observer.start(settings.endpoint, settings.token, guard);
  try {
    const hostname = await agree(observer, settings, say);
    const engine = await surroundings.engine();
    say(`Run ${runId}: the names of its snapshots begin with ${prefix}`);
    const session = openSession({ surroundings, settings, observer, stack, prefix, engine: engine.bin });
    const lived = await liveAndClean(session, say);
    const report = reportOf(session, lived, {
      interrupted: surroundings.signal.aborted,
      engine: engine.version,
      secrets: [settings.cloudId, hostname, runId, settings.readOnlyToken ?? settings.cloudId],
    });
    for (const line of observer.heldBack) say(`Held back: ${line}`);
    return { report, files: writeReport(settings, runId, report) };
  } finally {
    await observer.close();
  }
}

function readOrExplain(env: NodeJS.ProcessEnv): LiveSettings {
  try {
    return readLiveSettings(env);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const agreed = (name: string) => env[name]?.trim() === "yes";
    const asked = {
      restore: agreed("UTHO_LIVE_RESTORE"),
      names: agreed("UTHO_LIVE_NAMES"),
      hangUp: agreed("UTHO_LIVE_HANGUP"),
    };
    throw new Refusal(`${error.message}\n\n${describePlan(undefined, asked)}`);
  }
}

/** Holds the confirmation against the server. The only thing that is asked before the user has agreed. */
async function agree(
  observer: Observer,
  settings: LiveSettings,
  say: (line: string) => void,
): Promise<string> {
  const exchange = await observer.ask({ method: "GET", path: `/cloud/${settings.cloudId}` });
  const { answer } = exchange;
  if (answer === undefined) throw new Refusal("Utho's API does not answer; nothing was done.");
  const server = serverIn(exchange, settings.cloudId);
  if (server === undefined) {
    const said = isSuccess(exchange)
      ? "an empty list"
      : `HTTP ${answer.status}, ${messageOf(exchange) ?? "no message"}`;
    throw new Refusal(
      `Utho knows no server ${settings.cloudId} under this token (it answered: ${said}); nothing was done.`,
    );
  }
  const hostname = textOf(server.hostname) ?? "";
  const disk = Number.parseFloat(textOf(server.disksize) ?? "");
  const plan = describePlan(Number.isFinite(disk) ? disk : undefined, settings);
  if (hostname === "" || settings.confirmation !== hostname) {
    const wrong = settings.confirmation === undefined ? "is not set" : "is not that server's hostname";
    throw new Refusal(
      `Nothing was done. Server ${settings.cloudId} is "${hostname}". If you can do without it, set UTHO_LIVE_CONFIRM to its hostname; it ${wrong}.\n\n${plan}`,
    );
  }
  tellLeftovers(exchange, settings, say);
  say(plan);
  return hostname;
}

/** A run that was killed cannot clean up; its snapshots cost money until they are deleted. */
function tellLeftovers(
  exchange: Parameters<typeof snapshotRows>[0],
  { cloudId }: LiveSettings,
  say: (line: string) => void,
): void {
  const rows = exchange.path === pathOf("server", cloudId) ? (snapshotRows(exchange, cloudId) ?? []) : [];
  const left = rows.filter(({ name }) => typeof name === "string" && OF_ANY_RUN.test(name));
  if (left.length === 0) return;
  const names = left.map(({ id, name }) => `${textOf(id)} ${textOf(name)}`).join(", ");
  say(`Left by earlier runs, and left alone by this one; delete them in Utho's console: ${names}`);
}

function openSession(parts: {
  surroundings: Surroundings;
  settings: LiveSettings;
  observer: Observer;
  stack: string;
  prefix: string;
  engine: string;
}): Session {
  const { surroundings, settings, observer, stack, prefix, engine } = parts;
  const { cloudId, pollInterval, patience, token } = settings;
  const { signal, root } = surroundings;
  const workspace = new Workspace({
    engine,
    root,
    stack,
    token,
    endpoint: observer.url,
    pollInterval,
    endingGrace: Math.max(3000, pollInterval),
    signal,
  });
  const shelf = new Shelf(observer, { cloudId, prefix, interval: pollInterval, patience });
  return { settings, observer, workspace, shelf, prefix, signal, probes: {}, ids: {} };
}

async function liveAndClean(session: Session, say: (line: string) => void): Promise<Lived> {
  const { workspace, observer, shelf, settings, prefix } = session;
  let outcomes: Outcome[] = [];
  try {
    const init = await workspace.run("stack", "init", prefix.slice(0, -1));
    if (init.code !== 0) throw new Error(`pulumi stack init ended with ${init.code}:\n${init.output}`);
    outcomes = await runScenarios(session, say);
  } finally {
    await workspace.end();
    workspace.dispose();
  }
  say("… cleaning up");
  const cleaned = await cleanUp(observer, shelf, settings);
  for (const { id, name } of cleaned.left)
    say(`  STILL THERE: snapshot ${id} ${name}; delete it in Utho's console`);
  for (const name of cleaned.neverListed) {
    say(`  asked for and never listed: ${name}; look for it in Utho's console, it would cost money`);
  }
  if (cleaned.left.length + cleaned.neverListed.length === 0) say("  nothing of this run is left");
  return { outcomes, cleaned };
}

interface Lived {
  outcomes: Outcome[];
  cleaned: Cleaned;
}

function reportOf(
  { settings, observer, probes }: Session,
  { outcomes, cleaned }: Lived,
  run: { interrupted: boolean; engine: string; secrets: string[] },
): Report {
  const { exchanges, guard, heldBack } = observer;
  return buildReport(
    {
      evidence: { exchanges, cloudId: settings.cloudId, probes, own: guard.own },
      outcomes,
      cleaned,
      heldBack: heldBack.length,
      interrupted: run.interrupted,
      realApi: settings.endpoint === DEFAULT_ENDPOINT,
      versions: { Pulumi: run.engine, Node: process.version },
    },
    new Redactor(settings.token, exchanges, run.secrets),
  );
}

function writeReport(settings: LiveSettings, runId: string, report: Report): Ended["files"] {
  mkdirSync(settings.reports, { recursive: true });
  const markdown = join(settings.reports, `utho-live-${runId}.md`);
  const json = join(settings.reports, `utho-live-${runId}.json`);
  writeFileSync(markdown, `${toMarkdown(report).trimEnd()}\n`);
  writeFileSync(json, `${JSON.stringify(report, undefined, 2)}\n`);
  return { markdown, json };
}
