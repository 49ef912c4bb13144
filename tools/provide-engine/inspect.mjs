import { existsSync } from "node:fs";
import path from "node:path";
import { BINARIES, locateIn, locateOnPath } from "./binaries.mjs";
import { run } from "./command.mjs";
import { askLanguageHost } from "./language-host.mjs";
import { ENGINE_VERSION, MINIMUM_VERSION } from "./settings.mjs";
import { compareVersions, parseVersion } from "./version.mjs";

/** Long: a first start under a virus scanner or on a busy machine takes its time. */
const START_TIMEOUT_MS = 30_000;

/**
 * Looks at the folder that this script and the official npm wrapper fill.
 * @returns {Promise<{usable: true, bin: string, version: string} | {usable: false, reason: string}>}
 */
export async function inspectFolder(bin, env) {
  if (!existsSync(bin)) {
    return { usable: false, reason: `${bin}: not made yet` };
  }
  const isExpected = (version) =>
    compareVersions(version, parseVersion(ENGINE_VERSION)) === 0 ? undefined : `not ${ENGINE_VERSION}`;
  return prove(bin, locateIn(bin), env, isExpected);
}

/** Looks at the CLI that the user's PATH leads to. Answers as inspectFolder does. */
export async function inspectPath(env) {
  const located = locateOnPath(env);
  if (located.pulumi === undefined) {
    return { usable: false, reason: "no pulumi on PATH" };
  }
  const isSupported = (version) => {
    if (compareVersions(version, parseVersion(MINIMUM_VERSION)) < 0) {
      return `older than ${MINIMUM_VERSION}, the oldest that is supported`;
    }
    return version[0] > 3 ? "newer than version 3, the newest that is known" : undefined;
  };
  return prove(path.dirname(located.pulumi), located, env, isSupported);
}

async function prove(bin, located, env, judge) {
  const missing = Object.keys(BINARIES).filter((key) => located[key] === undefined);
  if (missing.length > 0) {
    const names = missing.map((key) => BINARIES[key]).join(" and ");
    return { usable: false, reason: `${located.pulumi ?? bin}: without ${names} it runs no Node.js program` };
  }
  const answer = await askVersion(located.pulumi, env);
  if (answer.problem !== undefined) {
    return { usable: false, reason: `${located.pulumi}: ${answer.problem}` };
  }
  const verdict = judge(answer.version);
  if (verdict !== undefined) {
    return { usable: false, reason: `${located.pulumi}: version ${answer.version.join(".")} is ${verdict}` };
  }
  const sickness = await askLanguageHost(located.host, { env, timeoutMs: START_TIMEOUT_MS });
  if (sickness !== undefined) {
    return { usable: false, reason: `${located.host}: ${sickness}` };
  }
  return { usable: true, bin, version: answer.version.join(".") };
}

async function askVersion(pulumi, env) {
  const quiet = { ...env, PULUMI_SKIP_UPDATE_CHECK: "1" };
  const answer = await run(pulumi, ["version"], { env: quiet, timeoutMs: START_TIMEOUT_MS });
  if (answer.problem !== undefined) {
    const said = answer.stderr.trim().split("\n")[0] ?? "";
    return { problem: `"pulumi version": ${answer.problem}${said === "" ? "" : ` (${said})`}` };
  }
  const version = parseVersion(answer.stdout);
  return version === undefined
    ? { problem: `"pulumi version" printed "${answer.stdout.trim().slice(0, 80)}", which is no version` }
    : { version };
}
