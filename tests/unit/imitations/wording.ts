import type { Choices } from "./choices";

export interface OtherSnapshot {
  id: number;
  server: number;
  name: string;
  contents: string;
  made: number;
  ready: number;
  deleted?: number;
}

export interface OtherServer {
  id: number;
  hostname: string;
  contents: string;
  on: boolean;
  ready: number;
  busyUntil: number;
  /** What the operation under way does when it ends. */
  atTheEnd?: (() => void) | undefined;
}

export interface OtherAction {
  id: number;
  what: string;
  server: number;
  begun: number;
  ends: number;
}

/** An answer: HTTP status, and JSON or plain text. */
export type Reply = readonly [status: number, body: unknown];

export const html = (status: number): Reply => [status, "<html><body><h1>Not here</h1></body></html>"];

/** How the imitation writes what it has to say, as its choices are. */
export class Wording {
  constructor(
    private readonly choices: Choices,
    private readonly now: () => number,
  ) {}

  server(server: OtherServer, snapshots: readonly OtherSnapshot[] | undefined): Record<string, unknown> {
    const { choices } = this;
    const { blank } = choices;
    const ready = server.ready <= this.now();
    return {
      cloudid: this.id(server.id),
      hostname: server.hostname,
      status: ready || choices.freshServer === "activeAndOff" ? "Active" : "Pending",
      powerstatus: ready ? (server.on ? choices.running : choices.stopped) : this.fresh(),
      ip: ready ? "203.0.113.7" : blank,
      disksize: choices.size,
      cpu: "2",
      ram: blank,
      dclocation: { location: "Delhi (Noida)", country: "India", dc: "innoida", dccc: "in" },
      rescue: blank,
      features: {},
      ...(snapshots !== undefined
        ? this.list(
            "snapshots",
            snapshots.map(({ id, name, made }) => ({
              id: this.id(id),
              name,
              size: choices.size,
              note: blank,
              ...this.time(made),
            })),
          )
        : {}),
    };
  }

  private fresh(): string | null {
    return this.choices.freshServer === "activeAndOff" ? "Shutdown" : this.choices.blank;
  }

  snapshot(one: OtherSnapshot): Record<string, unknown> {
    return {
      id: this.id(one.id),
      cloudid: this.id(one.server),
      name: one.name,
      image: "ubuntu-22.04",
      size: this.choices.size,
      storage: "general",
      ...this.status(one),
      ...this.time(one.made),
      price: this.choices.blank,
    };
  }

  shown({ deleted }: OtherSnapshot): boolean {
    return deleted === undefined || deleted + this.choices.deletedStaysMs > this.now();
  }

  private status({ deleted, ready }: OtherSnapshot): Record<string, unknown> {
    if (deleted !== undefined) return { status: this.choices.deletedWord };
    return { status: ready <= this.now() ? this.choices.active : this.choices.pending };
  }

  private time(made: number): Record<string, unknown> {
    const { created } = this.choices;
    if (created === "missing") return {};
    const wall = created === "empty" ? "" : wallTime(made);
    return created === "createdate" ? { createdate: wall } : { created_at: wall };
  }

  action({ id, what, server, begun, ends }: OtherAction): Record<string, unknown> {
    const { actions, blank } = this.choices;
    const over = ends <= this.now();
    const times = { started_at: wallTime(begun), completed_at: over ? wallTime(ends) : "" };
    return {
      id: this.id(id),
      action: what,
      resource_type: "cloud",
      resource_id: this.id(server),
      ...(actions === "withoutTimes" ? {} : times),
      process: over ? "100" : "10",
      status: actions === "odd" ? (over ? "success" : "pending") : over ? "Success" : "Pending",
      message: blank,
    };
  }

  id(number: number): string | number {
    return this.choices.idsAs === "text" ? String(number) : number;
  }

  list(key: string, items: readonly unknown[]): Record<string, unknown> {
    const { emptyList, fullList } = this.choices;
    if (items.length > 0)
      return {
        [key]:
          fullList === "list" ? items : Object.fromEntries(items.map((item, index) => [index + 2, item])),
      };
    return emptyList === "missing" ? {} : { [key]: JSON.parse(emptyList) };
  }

  ok(fields: Record<string, unknown>): Reply {
    const said = {
      status: { status: "success" },
      silent: {},
      statusTrue: { status: true },
      statusCode: { status: 200 },
    };
    return [200, { ...fields, ...said[this.choices.success] }];
  }

  done(): Reply {
    const { done } = this.choices;
    if (done === "message") return this.ok({ message: "The action was begun" });
    return [200, { null: "null", nothing: "", emptyObject: "{}" }[done]];
  }

  noServer(): Reply {
    const { unknownServer } = this.choices;
    // A missing server is an empty list, or null with the word for success, and never less than that.
    const { emptyList, success } = this.choices;
    const wordless = emptyList === "missing" || (success === "silent" && emptyList !== "{}");
    if (unknownServer === "empty") return this.ok(wordless ? { cloud: [] } : this.list("cloud", []));
    if (unknownServer === "refused") return this.refuse("Cloud server not found");
    if (unknownServer === "http404") return [404, { status: "error", message: "Server not found" }];
    return [
      404,
      { errors: [{ message: "Not found", long_message: "The server does not exist", code: "not_found" }] },
    ];
  }

  notOffered(): Reply {
    const { notOffered } = this.choices;
    if (notOffered === "asServer") return this.noServer();
    if (notOffered === "notAllowed") return [405, { message: "Method not allowed" }];
    if (notOffered === "forbidden")
      return [403, { status: "error", message: "You do not have access to this resource" }];
    if (notOffered === "http401") return [401, { status: "error", message: "Not Found GET" }];
    if (notOffered === "empty200") return [200, ""];
    return notOffered === "htmlNotFound" ? html(404) : [404, { status: "error", message: "Route not found" }];
  }

  refuse(message: string, status = 200): Reply {
    return [status, { status: "error", message }];
  }
}

export function isRefusal([status, body]: Reply): boolean {
  return (
    status >= 400 ||
    (typeof body === "object" && body !== null && "status" in body && body.status === "error")
  );
}

function wallTime(at: number): string {
  return new Date(at).toISOString().slice(0, 19).replace("T", " ");
}
