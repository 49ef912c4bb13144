import { existsSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ARCHIVE, DownloadSite, makeArchive } from "./download-site";
import { writeFakeEngine } from "./fake-binaries";
import { FakeMachine, type Outcome } from "./fake-machine";

describe.skipIf(process.platform === "win32")("the download", () => {
  let machine: FakeMachine;
  let site: DownloadSite;
  beforeEach(async () => {
    machine = new FakeMachine();
    site = await DownloadSite.start();
  });
  afterEach(async () => {
    machine.remove();
    await site.close();
  });

  const run = (args: string[] = []): Promise<Outcome> =>
    machine.run(args, { PULUMI_UTHO_ENGINE: "download", PULUMI_UTHO_ENGINE_MIRROR: site.mirror });

  it("fills the place where the engine is kept, once", async () => {
    site.offer(makeArchive());
    const first = await run();
    expect(first.stderr).toBe("");
    expect(first.stdout).toContain(`Downloading Pulumi 3.248.0: ${site.mirror}/${ARCHIVE}\n`);
    expect(first.stdout).toMatch(/Pulumi 3\.248\.0 is ready \(download, took 0:\d\d\): /);
    expect(machine.rootContent()).toEqual(["bin"]);
    expect(existsSync(path.join(machine.bin, "pulumi-resource-pulumi-nodejs"))).toBe(true);

    const asked = site.requests.length;
    expect(JSON.parse((await run(["--json"])).stdout)).toMatchObject({ bin: machine.bin, source: "kept" });
    expect(site.requests).toHaveLength(asked);
  });

  it("is compared with the published checksum", async () => {
    site.offer(makeArchive(), "0".repeat(64));
    const outcome = await run();
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(
      new RegExp(`download  ${ARCHIVE} has SHA-256 [0-9a-f]{64}, but 0{64} is published: not used`),
    );
    expect(machine.rootContent()).toEqual([]);
  });

  it("is used without a published checksum, and says so", async () => {
    site.offer(makeArchive());
    site.withhold("checksums");
    const outcome = await run();
    expect(outcome.code).toBe(0);
    expect(outcome.stdout).toContain(
      `not compared with a published checksum: ${site.mirror}/pulumi-3.248.0-checksums.txt does not exist`,
    );
  });

  it("is refused when the published list does not name it", async () => {
    site.offer(makeArchive());
    site.answers.set("pulumi-3.248.0-checksums.txt", (response) => response.end("<html>Sign in</html>"));
    const outcome = await run();
    expect(outcome.stderr).toContain(`pulumi-3.248.0-checksums.txt does not name ${ARCHIVE}`);
  });

  it("fails when the site has no such release", async () => {
    const outcome = await run();
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toBe(
      [
        "No usable Pulumi engine. What was tried:",
        `  kept      ${machine.bin}: not made yet`,
        `  download  ${site.mirror}/${ARCHIVE}: HTTP 404`,
        "Any one of these helps:",
        `  - let this machine reach ${site.mirror}, or name a mirror of it in PULUMI_UTHO_ENGINE_MIRROR`,
        "  - allow path and build too: PULUMI_UTHO_ENGINE=auto",
        "See docs/engine.md.",
        "",
      ].join("\n"),
    );
  });

  it("fails when nothing listens at the address", async () => {
    const outcome = await machine.run([], { PULUMI_UTHO_ENGINE: "download" });
    expect(outcome.stderr).toContain(
      `download  http://127.0.0.1:2/${ARCHIVE}: connect ECONNREFUSED 127.0.0.1:2`,
    );
  });

  it("fails when the connection is cut in the middle", async () => {
    const archive = makeArchive();
    site.offer(archive);
    site.answers.set(ARCHIVE, (response) => {
      response.writeHead(200, { "content-length": archive.length });
      response.write(archive.subarray(0, 100), () => response.destroy());
    });
    const outcome = await run();
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toMatch(new RegExp(`download  ${site.mirror}/${ARCHIVE}: \\S`));
    expect(machine.rootContent()).toEqual([]);
  });

  it("fails when the download is no archive", async () => {
    site.offer(Buffer.from("<html>Sign in to the hotel's network</html>"));
    const outcome = await run();
    expect(outcome.stderr).toContain(`${ARCHIVE} could not be unpacked by tar: exit code`);
  });

  it("fails when the archive holds no CLI", async () => {
    site.offer(makeArchive({ without: ["pulumi"] }));
    const outcome = await run();
    expect(outcome.stderr).toContain(`${ARCHIVE} holds no Pulumi CLI where it is expected`);
  });

  it("fails when what was downloaded does not run", async () => {
    site.offer(makeArchive({ brokenHost: "wrong machine" }));
    const outcome = await run();
    expect(outcome.stderr).toContain("download  what was made does not run: ");
    expect(outcome.stderr).toContain("pulumi-language-nodejs: ended with code 3: wrong machine");
    expect(machine.rootContent()).toEqual([]);
  });

  it("leaves a site that does not answer, or falls silent, for the next source", async () => {
    const { EngineError, provideEngine } = await import("../../tools/provide-engine.mjs");
    const env = {
      ...machine.env,
      PULUMI_UTHO_ENGINE: "download",
      PULUMI_UTHO_ENGINE_MIRROR: site.mirror,
    };
    const attempt = (timeouts: { answerMs: number; stallMs: number }) =>
      provideEngine({ env, timeouts }).catch((error: unknown) => error);

    site.answers.set(ARCHIVE, () => undefined);
    const unanswered = await attempt({ answerMs: 100, stallMs: 60_000 });
    expect(unanswered).toBeInstanceOf(EngineError);
    expect(unanswered).toMatchObject({
      code: "ENGINE_UNAVAILABLE",
      tried: [
        { source: "kept" },
        { source: "download", reason: expect.stringContaining("no answer within 0.1 s") },
      ],
    });

    site.answers.set(ARCHIVE, (response) => {
      response.writeHead(200, { "content-length": 5_000_000 }).write(Buffer.alloc(2_000_000));
    });
    expect(await attempt({ answerMs: 60_000, stallMs: 300 })).toMatchObject({
      tried: [
        { source: "kept" },
        { source: "download", reason: expect.stringContaining("stopped after 2 MB") },
      ],
    });
  });

  it("comes after PATH and before the build", async () => {
    writeFakeEngine(machine.path, { without: ["pulumi-language-nodejs"] });
    machine.putGo();
    site.offer(makeArchive());
    const outcome = await machine.run([], { PULUMI_UTHO_ENGINE_MIRROR: site.mirror });
    expect(outcome.stdout).toContain(
      `Nothing usable on PATH: ${machine.path}/pulumi: without pulumi-language-nodejs it runs no Node.js program\n`,
    );
    expect(outcome.stdout).toContain("is ready (download");
    expect(machine.goCalls()).toEqual([]);
  });
});
