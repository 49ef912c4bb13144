import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { type FakeEngine, writeFakeEngine } from "./fake-binaries";

const SYSTEM = process.platform === "darwin" ? "darwin" : "linux";
export const ARCHIVE = `pulumi-v3.248.0-${SYSTEM}-${process.arch}.tar.gz`;
const CHECKSUMS = "pulumi-3.248.0-checksums.txt";

export type Answer = (response: http.ServerResponse) => void;

/** A download site on loopback in the official layout. Each file's answer can be replaced. */
export class DownloadSite {
  readonly requests: string[] = [];
  readonly answers = new Map<string, Answer>();
  private readonly server = http.createServer((request, response) => {
    const name = path.basename(request.url ?? "");
    this.requests.push(name);
    const answer = this.answers.get(name);
    if (answer === undefined) {
      response.writeHead(404).end("not here");
    } else {
      answer(response);
    }
  });

  static async start(): Promise<DownloadSite> {
    const site = new DownloadSite();
    await new Promise<void>((resolve) => site.server.listen(0, "127.0.0.1", resolve));
    return site;
  }

  get mirror(): string {
    const { port } = this.server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/sdk`;
  }

  /** Offers an archive with an engine, and its checksum. */
  offer(archive: Buffer, digest = createHash("sha256").update(archive).digest("hex")): void {
    this.answers.set(ARCHIVE, (response) => {
      response.writeHead(200, { "content-length": archive.length }).end(archive);
    });
    this.answers.set(CHECKSUMS, (response) => response.end(`${digest}  ${ARCHIVE}\n`));
  }

  withhold(file: "archive" | "checksums"): void {
    this.answers.delete(file === "archive" ? ARCHIVE : CHECKSUMS);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A release archive: a folder "pulumi" with the binaries in it. */
export function makeArchive(fake: FakeEngine = {}): Buffer {
  const folder = mkdtempSync(path.join(os.tmpdir(), "release-"));
  try {
    mkdirSync(path.join(folder, "pulumi"));
    writeFakeEngine(path.join(folder, "pulumi"), fake);
    execFileSync("tar", ["-czf", "release.tar.gz", "pulumi"], { cwd: folder });
    return readFileSync(path.join(folder, "release.tar.gz"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
