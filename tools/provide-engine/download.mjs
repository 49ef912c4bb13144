import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename } from "node:fs/promises";
import path from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { locateIn } from "./binaries.mjs";
import { run } from "./command.mjs";
import { SourceFailure } from "./failure.mjs";
import { ENGINE_VERSION } from "./settings.mjs";

/** The site answers within seconds, or this machine cannot reach it and building is the quicker way. */
const DEFAULT_TIMEOUTS = { answerMs: 5_000, stallMs: 20_000 };

/**
 * Downloads the official release into `scratch` and returns the folder with the binaries.
 * @param {{mirror: string, env: NodeJS.ProcessEnv}} settings
 * @param {string} scratch an empty folder
 */
export async function download(settings, scratch, { reporter, signal, timeouts = DEFAULT_TIMEOUTS }) {
  const archive = archiveName();
  const address = `${settings.mirror}/${archive}`;
  reporter.line(`Downloading Pulumi ${ENGINE_VERSION}: ${address}`);
  const file = path.join(scratch, archive);
  const digest = await reporter.during("downloading", (note) =>
    fetchFile(address, file, { note, signal, timeouts }),
  );
  await compareChecksum(settings, archive, digest, { reporter, signal, timeouts });
  return unpack(scratch, archive, { env: settings.env, signal });
}

function archiveName() {
  const system = { linux: "linux", darwin: "darwin", win32: "windows" }[process.platform];
  const processor = { x64: "x64", arm64: "arm64" }[process.arch];
  if (system === undefined || processor === undefined) {
    throw new SourceFailure(`Pulumi publishes no release for ${process.platform} on ${process.arch}`);
  }
  return `pulumi-v${ENGINE_VERSION}-${system}-${processor}.${system === "windows" ? "zip" : "tar.gz"}`;
}

/** @returns {Promise<string>} the file's SHA-256, in hex */
async function fetchFile(address, file, { note, signal, timeouts }) {
  const watch = watchdog(timeouts.answerMs, signal);
  try {
    const response = await request(address, watch, timeouts);
    if (!response.ok || response.body === null) {
      throw new SourceFailure(`${address}: HTTP ${response.status}`);
    }
    const size = Number(response.headers.get("content-length") ?? 0);
    const hash = createHash("sha256");
    let received = 0;
    const measure = new Transform({
      transform(chunk, _encoding, done) {
        watch.feed(timeouts.stallMs);
        hash.update(chunk);
        received += chunk.length;
        note(`${megabytes(received)}${size > 0 ? ` of ${megabytes(size)}` : ""} MB`);
        done(null, chunk);
      },
    });
    await pipeline(Readable.fromWeb(response.body), measure, createWriteStream(file)).catch((error) => {
      throw broken(address, error, watch, `stopped after ${megabytes(received)} MB`);
    });
    if (size > 0 && received !== size) {
      throw new SourceFailure(`${address}: ended after ${received} of ${size} bytes`);
    }
    return hash.digest("hex");
  } finally {
    watch.stop();
  }
}

async function request(address, watch, timeouts) {
  try {
    const response = await fetch(address, { signal: watch.signal, redirect: "follow" });
    watch.feed(timeouts.stallMs);
    return response;
  } catch (error) {
    throw broken(address, error, watch, `no answer within ${timeouts.answerMs / 1000} s`);
  }
}

function broken(address, error, watch, onTimeout) {
  const why = watch.expired() ? onTimeout : (error.cause?.message ?? error.message);
  return new SourceFailure(`${address}: ${why}`, { cause: error });
}

/** Aborts when it is not fed in time. */
function watchdog(firstMs, outer) {
  const controller = new AbortController();
  let expired = false;
  let timer;
  const feed = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      expired = true;
      controller.abort();
    }, ms);
  };
  feed(firstMs);
  const signal = outer === undefined ? controller.signal : AbortSignal.any([controller.signal, outer]);
  return { signal, feed, expired: () => expired, stop: () => clearTimeout(timer) };
}

async function compareChecksum(settings, archive, digest, { reporter, signal, timeouts }) {
  const address = `${settings.mirror}/pulumi-${ENGINE_VERSION}-checksums.txt`;
  const watch = watchdog(timeouts.answerMs, signal);
  try {
    const response = await request(address, watch, timeouts);
    if (response.status === 404) {
      reporter.line(`  not compared with a published checksum: ${address} does not exist`);
      return;
    }
    if (!response.ok) {
      throw new SourceFailure(`${address}: HTTP ${response.status}`);
    }
    const published = checksumOf(archive, await response.text());
    if (published === undefined) {
      throw new SourceFailure(`${address} does not name ${archive}`);
    }
    if (published !== digest) {
      throw new SourceFailure(`${archive} has SHA-256 ${digest}, but ${published} is published: not used`);
    }
  } finally {
    watch.stop();
  }
}

function checksumOf(archive, list) {
  for (const line of list.split("\n")) {
    const [digest, name] = line.trim().split(/\s+\*?/);
    if (name === archive) {
      return digest?.toLowerCase();
    }
  }
  return undefined;
}

async function unpack(scratch, archive, { env, signal }) {
  const target = path.join(scratch, "unpacked");
  await mkdir(target);
  // Names are relative to the working folder: GNU tar takes "C:" for a host.
  const args = ["-xf", path.join("..", archive)];
  const unpacked = await run(tar(env), args, { cwd: target, env, signal });
  if (unpacked.problem !== undefined) {
    const said = unpacked.stderr.trim().split("\n").pop() ?? "";
    throw new SourceFailure(`${archive} could not be unpacked by tar: ${unpacked.problem} ${said}`.trim());
  }
  const inside = ["pulumi/bin", "pulumi", "Pulumi/bin"].map((folder) => path.join(target, folder));
  const folder = inside.find((each) => locateIn(each).pulumi !== undefined);
  if (folder === undefined) {
    throw new SourceFailure(`${archive} holds no Pulumi CLI where it is expected`);
  }
  const bin = path.join(scratch, "bin");
  await rename(folder, bin);
  return bin;
}

/** Windows has had bsdtar, which reads zip too, since version 10; another tar may stand before it on PATH. */
function tar(env) {
  return process.platform === "win32"
    ? path.join(env.SystemRoot ?? "C:\\Windows", "System32", "tar.exe")
    : "tar";
}

function megabytes(bytes) {
  return Math.round(bytes / 1_000_000);
}
