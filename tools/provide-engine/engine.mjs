import { mkdir, rm } from "node:fs/promises";
import { build, requiredGo } from "./build.mjs";
import { download } from "./download.mjs";
import { EngineError, SourceFailure, unavailable } from "./failure.mjs";
import { inspectFolder, inspectPath } from "./inspect.mjs";
import { interruptible } from "./interrupt.mjs";
import { takeLock } from "./lock.mjs";
import { clock, createReporter } from "./reporter.mjs";
import { makeScratch, putInPlace, removeLeftovers } from "./scratch.mjs";
import { ENGINE_VERSION, MINIMUM_VERSION, readSettings } from "./settings.mjs";

const MAKERS = { download, build };

/**
 * Finds a Pulumi CLI that can run Node.js programs, or gets one. See docs/engine.md.
 * @param {import("../provide-engine.d.mts").ProvideEngineOptions} [options]
 * @returns {Promise<import("../provide-engine.d.mts").Engine>}
 * @throws {EngineError}
 */
export async function provideEngine(options = {}) {
  const settings = readSettings(options.env ?? process.env);
  const reporter = createReporter({ log: () => undefined, ...options });
  const makers = settings.sources.filter((source) => source in MAKERS);
  const tried = [];
  if (makers.length > 0) {
    const kept = await inspectFolder(settings.bin, settings.env);
    if (kept.usable) {
      return found(kept, "kept", reporter);
    }
    tried.push({ source: "kept", reason: kept.reason });
  }
  if (settings.sources.includes("path")) {
    const onPath = await inspectPath(settings.env);
    if (onPath.usable) {
      return found(onPath, "path", reporter);
    }
    tried.push({ source: "path", reason: onPath.reason });
    if (makers.length > 0) {
      reporter.line(`Nothing usable on PATH: ${onPath.reason}`);
    }
  }
  const made = makers.length > 0 && (await make(settings, makers, tried, reporter, options));
  if (made) {
    return made;
  }
  const facts = {
    minimum: MINIMUM_VERSION,
    mirror: settings.mirror,
    go: await requiredGo(),
    allowed: settings.sources,
  };
  throw unavailable(tried, facts);
}

function found(engine, source, reporter) {
  const how = source === "path" ? "from PATH" : "made before";
  reporter.line(`Pulumi ${engine.version} is ready (${how}): ${engine.bin}`);
  return { bin: engine.bin, version: engine.version, source };
}

async function make(settings, makers, tried, reporter, options) {
  await mkdir(settings.root, { recursive: true }).catch((error) => {
    throw unwritable(settings, error);
  });
  return interruptible(async (signal) => {
    const lock = await waitForLock(settings, reporter, signal);
    try {
      const kept = await inspectFolder(settings.bin, settings.env);
      if (kept.usable) {
        return found(kept, "kept", reporter);
      }
      await removeLeftovers(settings.root);
      return await tryMakers(settings, makers, tried, { reporter, signal, timeouts: options.timeouts });
    } finally {
      await lock.release();
    }
  });
}

async function waitForLock(settings, reporter, signal) {
  let announced = false;
  try {
    return await reporter.during("waiting for the other run", () =>
      takeLock(settings.root, {
        signal,
        onWait: (owner) => {
          if (!announced) {
            announced = true;
            reporter.line(
              `Waiting: process ${owner.pid} on ${owner.host} provides the engine (since ${owner.since})`,
            );
          }
        },
      }),
    );
  } catch (error) {
    throw error.code === undefined || error instanceof EngineError || error.name === "AbortError"
      ? error
      : unwritable(settings, error);
  }
}

async function tryMakers(settings, makers, tried, context) {
  for (const source of makers) {
    const scratch = await makeScratch(settings.root);
    const started = Date.now();
    try {
      const finished = await MAKERS[source](settings, scratch, context);
      const engine = await inspectFolder(finished, settings.env);
      if (!engine.usable) {
        throw new SourceFailure(`what was made does not run: ${engine.reason}`);
      }
      await putInPlace(finished, settings.bin);
      const took = clock(Date.now() - started);
      context.reporter.line(`Pulumi ${engine.version} is ready (${source}, took ${took}): ${settings.bin}`);
      return { bin: settings.bin, version: engine.version, source };
    } catch (error) {
      context.signal.throwIfAborted();
      if (!(error instanceof SourceFailure)) {
        throw error.code === undefined ? error : unwritable(settings, error);
      }
      tried.push({ source, reason: error.message });
      context.reporter.line(`  ${source} failed: ${error.message}`);
    } finally {
      await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
    }
  }
  return undefined;
}

function unwritable(settings, error) {
  const message =
    `The engine cannot be put into ${settings.root}: ${error.message}. ` +
    "Make that folder writable, or set PULUMI_HOME to one that is.";
  return new EngineError("ENGINE_PLACE", message, { cause: error });
}

export { ENGINE_VERSION };
