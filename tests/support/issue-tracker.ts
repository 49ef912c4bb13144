import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment or an issue. */
export interface Post {
  id: number;
  number: number;
  title?: string;
  body: string;
  state: string;
  /** Who wrote it. */
  user: { login: string };
}

/** The few calls of GitHub's API that the recipes make, on loopback. */
export class IssueTracker {
  readonly comments: Post[] = [];
  readonly issues: Post[] = [];
  /** Comments on issues, the oldest first. */
  readonly notes: Post[] = [];
  /** Calls that came without the token. */
  readonly refused: string[] = [];
  private readonly server = createServer((request, response) => {
    void this.answer(request).then(({ status, body }) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });

  constructor(private readonly token: string) {}

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((done) => this.server.close(() => done()));
  }

  private async answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const { pathname: path, searchParams } = new URL(request.url ?? "", "http://tracker");
    const call = `${request.method} ${path}`;
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      this.refused.push(call);
      return { status: 401, body: { message: "Bad credentials" } };
    }
    const page = Number(searchParams.get("page") ?? "1");
    const pageOf = (posts: Post[]) => ({ status: 200, body: posts.slice((page - 1) * 100, page * 100) });
    if (call === "GET /repos/me/shop/issues/7/comments") return pageOf(this.comments);
    if (call === "GET /repos/me/shop/issues")
      return pageOf(this.issues.filter(({ state }) => state === "open"));
    const sent: Partial<Post> = JSON.parse(await textOf(request));
    if (call === "POST /repos/me/shop/issues/7/comments") return added(this.comments, sent);
    if (call === "POST /repos/me/shop/issues") return added(this.issues, sent);
    if (/^POST \/repos\/me\/shop\/issues\/\d+\/comments$/.test(call)) return added(this.notes, sent);
    const [, comment, issue] =
      /^PATCH \/repos\/me\/shop\/issues\/(?:comments\/(\d+)|(\d+))$/.exec(call) ?? [];
    const known =
      comment === undefined
        ? this.issues.find(({ number }) => String(number) === issue)
        : this.comments.find(({ id }) => String(id) === comment);
    if (known === undefined) return { status: 404, body: { message: `Nothing at ${call}` } };
    return { status: 200, body: Object.assign(known, sent) };
  }
}

function added(posts: Post[], sent: Partial<Post>): { status: number; body: unknown } {
  const number = posts.length + 1;
  const post = {
    id: 1000 + number,
    number,
    body: "",
    state: "open",
    user: { login: "github-actions[bot]" },
    ...sent,
  };
  posts.push(post);
  return { status: 201, body: post };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}
