import { createServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { setImmediate as yieldToOthers } from "node:timers/promises";
import type { Clock } from "../../../client";
import type { Choices } from "./choices";
import {
  html,
  isRefusal,
  type OtherAction,
  type OtherServer,
  type OtherSnapshot,
  type Reply,
  Wording,
} from "./wording";

export const TOKEN = "a-token-of-another-imitation";

const TAKES_MS = 40;
const CONFIRM = "I am aware this action will delete data and server permanently";
/**
 * A second, small Utho, written apart from the simulator and from the client, which answers as `choices` says. It
 * knows one thing at a time per server, as Utho does.
 */
export class OtherUtho {
  readonly servers = new Map<number, OtherServer>();
  readonly snapshots = new Map<number, OtherSnapshot>();
  /** Calls that changed something, as "POST /cloud/1001/poweroff", the refused ones left out. */
  readonly deeds: string[] = [];
  /** Stands still but for those who wait by it, and waiting by it takes no real time. */
  readonly clock: Clock = {
    now: () => this.time,
    sleep: async (ms) => {
      const until = this.time + ms;
      await yieldToOthers();
      this.time = Math.max(this.time, until);
    },
  };
  private time = Date.now();
  private readonly actions: OtherAction[] = [];
  private readonly say: Wording;
  private nextId = 70_001;
  private readonly http: HttpServer;

  private constructor(readonly choices: Choices) {
    this.say = new Wording(choices, () => this.time);
    this.http = createServer((request, response) => {
      void this.serve(request).then(([status, body]) => {
        const text = typeof body === "string" ? body : JSON.stringify(body);
        response.writeHead(status, {
          date: new Date(this.time).toUTCString(),
          "content-type": text.startsWith("<") ? "text/html" : "application/json",
        });
        response.end(text);
      });
    });
    for (const [id, hostname] of [
      [1001, "web-1"],
      [1002, "db-1"],
      [1003, "cache-1"],
    ] as const)
      this.addServer(id, hostname, `${hostname} as it was`);
    // A listing that leaves out its empty list looks like one that is not offered, so it is never empty.
    if (choices.emptyList === "missing")
      this.snapshots.set(5, { id: 5, server: 1003, name: "by hand", contents: "", made: 0, ready: 0 });
  }

  static async start(choices: Choices): Promise<OtherUtho> {
    const utho = new OtherUtho(choices);
    await new Promise<void>((done) => utho.http.listen(0, "127.0.0.1", done));
    return utho;
  }

  get url(): string {
    const { port } = this.http.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v2`;
  }

  close(): Promise<void> {
    this.http.closeAllConnections();
    return new Promise((done) => this.http.close(() => done()));
  }

  /** Those that our programs made and that exist. */
  ours(): OtherSnapshot[] {
    return this.living().filter(({ server }) => server !== 1003);
  }

  living(server?: number): OtherSnapshot[] {
    return [...this.snapshots.values()].filter(
      (one) => one.deleted === undefined && (server === undefined || one.server === server),
    );
  }

  addServer(id: number, hostname: string, contents: string): OtherServer {
    const server = { id, hostname, contents, on: true, ready: 0, busyUntil: 0 };
    this.servers.set(id, server);
    return server;
  }

  /** Another client's operation keeps the server busy for a while. */
  keepBusy(server: number, ms: number): void {
    const one = this.servers.get(server);
    if (one !== undefined) one.busyUntil = this.time + ms;
  }

  deleteOutside(id: number): void {
    const one = this.snapshots.get(id);
    if (one !== undefined) one.deleted = this.time;
  }

  removeServer(id: number): void {
    this.servers.delete(id);
    if (!this.choices.snapshotsGoWithServer) return;
    for (const one of this.living(id)) this.snapshots.delete(one.id);
  }

  private async serve(request: IncomingMessage): Promise<Reply> {
    const { method = "", url = "", headers } = request;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    if (headers.authorization !== `Bearer ${TOKEN}`)
      return [401, { status: "error", message: "Unauthorized" }];
    const { pathname, searchParams } = new URL(url, "http://utho");
    const path = pathname.replace(/^\/v2/, "").replace(/\/$/, "");
    const text = Buffer.concat(chunks).toString();
    const body: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
    for (const server of this.servers.values()) this.finishOperation(server);
    const reply = this.route(method, path, searchParams, body);
    if (method !== "GET" && !isRefusal(reply)) this.deeds.push(`${method} ${path}`);
    return reply;
  }

  private finishOperation(server: OtherServer): void {
    if (server.atTheEnd === undefined || server.busyUntil > this.time) return;
    server.atTheEnd();
    server.atTheEnd = undefined;
  }

  private route(method: string, path: string, query: URLSearchParams, body: Record<string, unknown>): Reply {
    const [, noun, id, verb, snapshot, what] = path.split("/");
    if (method === "GET") return this.get(path, noun, id, query);
    if (path === "/cloud/deploy") return this.deploy(body);
    const server = this.servers.get(Number(id));
    if (method === "DELETE" && what === "delete") return this.deleteSnapshot(server, Number(snapshot));
    if (server === undefined) return this.say.noServer();
    if (method === "DELETE") return this.destroy(server, body);
    if (server.busyUntil > this.time) return this.say.refuse(this.choices.busy, this.choices.busyStatus);
    if (verb === "poweron" || verb === "poweroff") return this.power(server, verb === "poweron");
    if (snapshot === "create") return this.create(server, String(body.name));
    if (what === "restore") return this.restore(server, Number(snapshot));
    return html(404);
  }

  private get(path: string, noun = "", id = "", query: URLSearchParams): Reply {
    const { accountListing } = this.choices;
    if (path === "/cloud/getdeploy") {
      if (accountListing === "getdeploy")
        return this.say.ok({ ...this.rows("snapshots"), images: [], plans: {} });
      return this.say.notOffered();
    }
    if (path === "/snapshot") {
      if (accountListing === "snapshotBare") return [200, this.accountRows()];
      return accountListing === "snapshot" ? this.say.ok(this.rows("snapshots")) : this.say.notOffered();
    }
    if (path === "/cloud") return this.serverList(query);
    if (path === "/actions") return this.listActions();
    if (noun !== "cloud") return html(404);
    const server = this.servers.get(Number(id));
    if (server === undefined) return this.say.noServer();
    return this.say.ok(this.say.list("cloud", [this.row(server, true)]));
  }

  private serverList(query: URLSearchParams): Reply {
    const { paging, serverListHasSnapshots } = this.choices;
    const all = [...this.servers.values()].map((one) => this.row(one, serverListHasSnapshots));
    if (paging === "ignored") return this.say.ok(this.say.list("cloud", all));
    if (paging === "ignoredCounted") {
      const most = Number(query.get("perpage")) === all.length ? all.length : 2;
      return this.say.ok({ ...this.say.list("cloud", all.slice(0, most)), meta: { total: all.length } });
    }
    const size = 2;
    const pages = Math.max(1, Math.ceil(all.length / size));
    const asked = Number(query.get("page") ?? "1");
    const page = paging === "noMetaThenLast" ? Math.min(asked, pages) : asked;
    const rows = this.say.list("cloud", all.slice((page - 1) * size, page * size));
    const meta = { total: String(all.length), totalpages: String(pages), currentpage: String(page) };
    return this.say.ok(paging === "metaTexts" ? { ...rows, meta } : rows);
  }

  private row(server: OtherServer, withSnapshots: boolean): Record<string, unknown> {
    const { deletedStaysOnServer } = this.choices;
    const own = [...this.snapshots.values()].filter(
      (one) =>
        one.server === server.id && (deletedStaysOnServer ? this.say.shown(one) : one.deleted === undefined),
    );
    return this.say.server(server, withSnapshots ? own : undefined);
  }

  private accountRows(): Record<string, unknown>[] {
    return [...this.snapshots.values()]
      .filter((one) => this.say.shown(one))
      .map((one) => this.say.snapshot(one));
  }

  private listActions(): Reply {
    const { actions } = this.choices;
    if (actions === "absent") return html(404);
    if (actions === "alwaysEmpty") return this.say.ok(this.say.list("actions", []));
    const rows = this.actions.map((one) => this.say.action(one));
    return this.say.ok(this.say.list("actions", actions === "newestFirst" ? rows.reverse() : rows));
  }

  private rows(key: string): Record<string, unknown> {
    return this.say.list(key, this.accountRows());
  }

  private create(server: OtherServer, name: string): Reply {
    if (!this.choices.duplicateNames && this.living(server.id).some((one) => one.name === name))
      return this.say.refuse("A snapshot with this name already exists");
    const now = this.time;
    const id = this.newId();
    this.snapshots.set(id, {
      id,
      server: server.id,
      name,
      contents: server.contents,
      made: now,
      ready: now + TAKES_MS,
    });
    server.busyUntil = now + TAKES_MS;
    this.act("Create Snapshot", server.id);
    return this.say.done();
  }

  private restore(server: OtherServer, id: number): Reply {
    const snapshot = this.living(server.id).find((one) => one.id === id);
    if (snapshot === undefined) return this.say.refuse("Snapshot not found", 404);
    if (this.choices.restoreShows) server.on = false;
    server.busyUntil = this.time + TAKES_MS;
    server.atTheEnd = () => {
      server.contents = snapshot.contents;
      server.on = true;
    };
    this.act(this.choices.actions === "odd" ? "snapshotrestore" : "Restore Snapshot", server.id);
    return this.say.done();
  }

  private power(server: OtherServer, on: boolean): Reply {
    server.busyUntil = this.time + TAKES_MS;
    server.atTheEnd = () => {
      server.on = on;
    };
    this.act(on ? "Power On" : "Power Off", server.id);
    return this.say.done();
  }

  private deleteSnapshot(server: OtherServer | undefined, id: number): Reply {
    const snapshot = this.living().find(
      (one) => one.id === id && (server === undefined || one.server === server.id),
    );
    if (snapshot === undefined) return this.say.refuse("Snapshot does not exist", 404);
    snapshot.deleted = this.time;
    return this.say.done();
  }

  private deploy(body: Record<string, unknown>): Reply {
    const snapshot = this.living().find(({ id }) => id === Number(body.snapshotid));
    const [wanted]: { hostname?: string }[] = Array.isArray(body.cloud) ? body.cloud : [];
    if (snapshot === undefined) return this.say.refuse("Snapshot not found", 404);
    if (body.dcslug !== "innoida") return this.say.refuse("Invalid dcslug");
    const server = this.addServer(this.newId(), wanted?.hostname ?? "", snapshot.contents);
    server.ready = this.time + TAKES_MS;
    this.act("Deploy", server.id);
    return this.say.ok({
      cloudid: this.say.id(server.id),
      password: "p4ssword of a clone",
      ipv4: "203.0.113.9",
      message: "done",
    });
  }

  private destroy(server: OtherServer, body: Record<string, unknown>): Reply {
    const wanted = this.choices.confirmation === "sentence" ? CONFIRM : server.hostname;
    if (body.confirm !== wanted) return this.say.refuse("Please confirm the server name to continue");
    this.removeServer(server.id);
    return this.say.done();
  }

  private act(what: string, server: number): void {
    const now = this.time;
    this.actions.push({ id: this.newId(), what, server, begun: now, ends: now + TAKES_MS });
  }

  private newId(): number {
    this.nextId += 1;
    return this.nextId;
  }
}
