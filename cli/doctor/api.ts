import type { Account, Attempt, Server, Snapshot, UthoClient } from "../../client";
import {
  AuthError,
  NetworkError,
  TimeoutError,
  UnexpectedResponseError,
  UthoError,
} from "../../client/errors";
import { DEFAULT_ENDPOINT } from "../../client/options";
import type { Settings } from "../../provider/config";
import { isNotOffered } from "../../provider/failure";
import { zoneShownBy } from "../../provider/utho/facts";
import { clockFinding } from "./clock";
import { Check, type Finding } from "./finding";

/** Asks Utho by each call that the provider reads by. Nothing is changed by any of them. */
export class ApiChecks {
  readonly findings: Finding[] = [];
  private dated: { theirs: number; ours: number } | undefined;

  private constructor(
    private readonly settings: Settings,
    private readonly client: UthoClient,
  ) {}

  static async run(settings: Settings): Promise<Finding[]> {
    const { UthoClient } = await import("../../client/index.js");
    const { token, endpoint, requestTimeout } = settings;
    const onAttempt = (attempt: Attempt): void => checks.note(attempt);
    const client = new UthoClient({ token, endpoint, requestTimeout, maxRetries: 1, onAttempt });
    const checks: ApiChecks = new ApiChecks(settings, client);
    await checks.all();
    return checks.findings;
  }

  private note({ date }: Attempt): void {
    const theirs = Date.parse(date ?? "");
    if (!Number.isNaN(theirs)) this.dated ??= { theirs, ours: Date.now() };
  }

  private async all(): Promise<void> {
    if (!(await this.account())) return;
    const servers = await this.call(
      "api.servers",
      "GET /cloud",
      () => this.client.servers.list(),
      countOf("server"),
    );
    const byDeploy = await this.listing("api.deploy-listing", "GET /cloud/getdeploy", () =>
      this.client.snapshots.listByDeploy(),
    );
    const byAccount = await this.listing("api.snapshot-listing", "GET /snapshot", () =>
      this.client.snapshots.listAccount(),
    );
    await this.oneServer(servers?.[0]);
    await this.call("api.actions", "GET /actions", () => this.client.actions.list(), countOf("action"));
    const listed = byDeploy ?? byAccount ?? snapshotsOf(servers ?? []);
    this.consequence(byDeploy, byAccount, listed);
    this.completeness(byDeploy ?? byAccount, snapshotsOf(servers ?? []));
    this.findings.push(clockFinding(this.dated), zoneFinding(listed ?? [], this.settings.timeZone));
  }

  /** Distinguishes a bad endpoint from a bad token by how the cheapest call ends. @returns whether to go on */
  private async account(): Promise<boolean> {
    const endpoint = new Check("endpoint", "Endpoint");
    const token = new Check("token", "Token");
    const place = placeOf(this.settings.endpoint);
    try {
      const { account, withheld } = await standingOf(this.client);
      this.findings.push(
        endpoint.ok(`${place} answers as Utho does`),
        withheld === undefined
          ? token.ok("accepted (GET /account/info)")
          : token.warning(
              `accepted, but may not see whose it is (GET /account/info: ${shortly(withheld)})`,
              "nothing needs to be done; a token that may read the account as well lets the provider recognise another account's token by its account.",
            ),
        standingFinding(account ?? {}),
      );
      return true;
    } catch (error) {
      if (error instanceof AuthError) {
        this.findings.push(endpoint.ok(`${place} answers as Utho does`));
        this.findings.push(
          token.problem(
            `refused (${shortly(error)})`,
            "make a new one in Utho's console under API, and set it: `pulumi config set --secret utho:token <token>` or UTHO_TOKEN.",
          ),
        );
        return false;
      }
      const why = `${place}: ${shortly(error)}`;
      this.findings.push(
        endpoint.problem(why, adviceFor(error)),
        token.skipped("the endpoint must answer first"),
      );
      return false;
    }
  }

  private async oneServer(first: Server | undefined): Promise<void> {
    const check = new Check("api.server", "GET /cloud/{id}");
    if (first === undefined) {
      this.findings.push(check.skipped("no server is listed that could be asked for"));
      return;
    }
    const describe = (server: Server | undefined) =>
      server === undefined
        ? "answers, but does not know a server that it lists"
        : `answers, ${server.snapshots === undefined ? "lists no snapshots" : "lists its snapshots"}`;
    await this.call("api.server", "GET /cloud/{id}", () => this.client.servers.get(first.cloudId), describe);
  }

  private listing(
    id: string,
    title: string,
    ask: () => Promise<Snapshot[] | undefined>,
  ): Promise<Snapshot[] | undefined> {
    const describe = (snapshots: Snapshot[] | undefined) =>
      snapshots === undefined ? "not offered by this endpoint" : countOf("snapshot")(snapshots);
    return this.call(id, title, ask, describe);
  }

  private async call<T>(
    id: string,
    title: string,
    ask: () => Promise<T>,
    describe: (value: T) => string,
  ): Promise<T | undefined> {
    const check = new Check(id, title);
    try {
      const value = await ask();
      this.findings.push(check.ok(describe(value)));
      return value;
    } catch (error) {
      this.findings.push(check.warning(`failed: ${shortly(error)}`, adviceFor(error)));
      return undefined;
    }
  }

  /** Which listing all reads of a refresh would share. */
  private consequence(
    byDeploy: Snapshot[] | undefined,
    byAccount: Snapshot[] | undefined,
    listed: Snapshot[] | undefined,
  ): void {
    const check = new Check("listing", "Listing that the provider uses");
    if (byDeploy !== undefined)
      this.findings.push(check.ok("GET /cloud/getdeploy: one call for all snapshots, with status"));
    else if (byAccount !== undefined)
      this.findings.push(check.ok("GET /snapshot: one call for all snapshots"));
    else if (listed !== undefined) {
      this.findings.push(
        check.warning(
          "the servers' own answers, which show no status and no servers that are gone",
          "nothing needs to be done; statuses will be shown as Unknown.",
        ),
      );
    } else {
      this.findings.push(
        check.warning(
          "none: each server is asked by itself",
          "if servers have snapshots and this stays so, report it with this output.",
        ),
      );
    }
  }

  /** Whether the listing of the account lacks what servers show; new snapshots may be listed late. */
  private completeness(listed: Snapshot[] | undefined, shown: Snapshot[] | undefined): void {
    if (listed === undefined || shown === undefined) return;
    const ids = new Set(listed.map(({ id }) => id));
    const lacks = shown.filter(({ id }) => !ids.has(id)).length;
    if (lacks === 0) return;
    this.findings.push(
      new Check("listing-complete", "Whether that listing is whole").warning(
        `it lacks ${lacks} of the ${shown.length} snapshots that the servers show`,
        "run again in a minute, since listings may be late; if it stays, the listing ends early: each server's own answer then decides for its snapshots.",
      ),
    );
  }
}

/** Whose a token is. One that may read servers or snapshots is accepted, even where the account is `withheld` from it. */
export async function standingOf(client: UthoClient): Promise<{ account?: Account; withheld?: unknown }> {
  try {
    return { account: await client.account.info() };
  } catch (withheld) {
    if (!(withheld instanceof AuthError || isNotOffered(withheld))) throw withheld;
    for (const ask of [() => client.servers.list(), () => client.snapshots.listByDeploy()])
      if ((await ask().catch(() => undefined)) !== undefined) return { withheld };
    throw withheld;
  }
}

/** As the provider reads a listing of servers: without any snapshots, it is no listing of them. */
function snapshotsOf(servers: readonly Server[]): Snapshot[] | undefined {
  const lists = servers.flatMap(({ snapshots }) => (snapshots === undefined ? [] : [snapshots]));
  return lists.length > 0 ? lists.flat() : undefined;
}

function countOf(what: string): (values: readonly unknown[]) => string {
  return ({ length }) => `answers, ${length} ${what}${length === 1 ? "" : "s"}`;
}

/** Another endpoint than Utho's own may be named by a hostname of the user's. */
function placeOf(endpoint: string): string {
  if (endpoint === DEFAULT_ENDPOINT) return endpoint;
  return endpoint.startsWith("http:")
    ? "an address of this machine"
    : "another https address than Utho's own";
}

/** Code and HTTP status; Utho's own words, and those of the network, may contain names and addresses. */
function shortly(error: unknown): string {
  if (!(error instanceof UthoError)) return "UTHO_INTERNAL";
  const reason = error instanceof UnexpectedResponseError ? `, ${error.reason}` : "";
  return `${error.code}${error.status === undefined ? "" : `, HTTP ${error.status}`}${reason}`;
}

function adviceFor(error: unknown): string {
  const proxied = error instanceof UthoError && error.proxy !== undefined;
  // Its address is left out: this text goes into bug reports.
  const proxy = proxied
    ? " Requests go through the proxy that HTTPS_PROXY or ALL_PROXY names; NO_PROXY excepts from it."
    : "";
  if (error instanceof UthoError && error.foreign)
    return `a proxy or a gateway on the way answered in Utho's place.${proxy || " Check the network and utho:endpoint."}`;
  if (error instanceof NetworkError) return `check the network and utho:endpoint or UTHO_ENDPOINT.${proxy}`;
  if (error instanceof TimeoutError) return "run again; a longer utho:requestTimeout waits longer.";
  if (error instanceof UnexpectedResponseError)
    return "run again; if it stays, check utho:endpoint or UTHO_ENDPOINT: what answers there may not speak Utho's API.";
  return "run again later; if it stays, report it with this output.";
}

/** Words by which an API of this kind says "no". */
const NO = /^(0|no|n|false|none|pending|unverified|not verified|incomplete|rejected|failed)$/i;

/** Utho may accept, and never do, what an account asks for that is not verified or has too little credit. */
function standingFinding({ kyc, verify, availableCredit, currency }: Account): Finding {
  const check = new Check("account-standing", "Account");
  const facts = [
    ...(kyc === undefined ? [] : [`KYC "${kyc}"`]),
    ...(verify === undefined ? [] : [`verified "${verify}"`]),
    ...(availableCredit === undefined ? [] : [`credit ${availableCredit} ${currency ?? ""}`.trim()]),
    ...(currency === undefined ? [] : [`prices in ${currency}`]),
    ...(currency === undefined || currency === "INR"
      ? []
      : ["costs that are shown are Utho's list price in INR"]),
  ];
  if (facts.length === 0) return check.skipped("Utho shows no KYC, credit or currency");
  const doubtful = [kyc, verify].some((word) => word !== undefined && NO.test(word.trim()));
  if (!doubtful && (availableCredit ?? 1) > 0) return check.ok(facts.join(", "));
  return check.warning(
    facts.join(", "),
    "complete KYC and add credit in Utho's console: what such an account asks for may be accepted and never done.",
  );
}

function zoneFinding(snapshots: readonly Snapshot[], configured: string | undefined): Finding {
  const check = new Check("time-zone", "Time zone of Utho's times");
  const shown = zoneShownBy(snapshots, Date.now());
  if (configured !== undefined && shown !== undefined && configured !== shown) {
    return check.warning(
      `configured as ${configured}, but the snapshots show ${shown}`,
      `\`pulumi config rm utho:timeZone\`, or set it to ${shown}.`,
    );
  }
  if (configured !== undefined) return check.ok(`${configured}, as configured`);
  if (shown !== undefined) return check.ok(`${shown}, as the snapshots show`);
  if (snapshots.length === 0)
    return check.skipped("there is no snapshot yet that could show it; Indian time is assumed");
  return check.warning(
    "no snapshot shows it; Indian time is assumed",
    "compare a creation time with what you remember; if it is off by hours, set utho:timeZone, to Asia/Kolkata for example.",
  );
}
