import os from "node:os";
import path from "node:path";
import { EngineError } from "./failure.mjs";

/** The release that is downloaded or built, and the one that the package is developed against. */
export const ENGINE_VERSION = "3.248.0";

/**
 * The oldest CLI on PATH that is taken as it is: the same number as the oldest `@pulumi/pulumi` that the package
 * claims, since Pulumi releases both together and an older CLI may lack what that SDK asks of the engine.
 */
export const MINIMUM_VERSION = "3.215.0";

/** Pulumi's own download host; PULUMI_UTHO_ENGINE_MIRROR names another place of the same layout. */
const OFFICIAL_DOWNLOADS = "https://get.pulumi.com/releases/sdk";

const SOURCES = ["path", "download", "build"];

/**
 * Reads the environment once, so that everything after it works on plain values.
 * @param {NodeJS.ProcessEnv} env
 */
export function readSettings(env) {
  const home = path.resolve(env.PULUMI_HOME || path.join(os.homedir(), ".pulumi"));
  const root = path.join(home, "versions", ENGINE_VERSION);
  return {
    env,
    root,
    bin: path.join(root, "bin"),
    sources: readSources(env.PULUMI_UTHO_ENGINE),
    mirror: readMirror(env.PULUMI_UTHO_ENGINE_MIRROR),
  };
}

function readSources(value) {
  const words = (value ?? "")
    .split(",")
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== "");
  if (words.length === 0 || (words.length === 1 && words[0] === "auto")) {
    return SOURCES;
  }
  const unknown = words.find((word) => !SOURCES.includes(word));
  if (unknown !== undefined) {
    throw new EngineError(
      "ENGINE_SETTING",
      `PULUMI_UTHO_ENGINE is "${value}", but "${unknown}" is no source. ` +
        'Use "auto", or one or more of "path", "download", "build", separated by commas.',
    );
  }
  return SOURCES.filter((source) => words.includes(source));
}

function readMirror(value) {
  const text = value?.trim() || OFFICIAL_DOWNLOADS;
  const parsed = URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined || !["http:", "https:"].includes(parsed.protocol)) {
    throw new EngineError(
      "ENGINE_SETTING",
      `PULUMI_UTHO_ENGINE_MIRROR is "${text}", which is no http(s) address. ` +
        `Name a folder that holds the same files as ${OFFICIAL_DOWNLOADS}, or leave the setting out.`,
    );
  }
  return text.replace(/\/+$/, "");
}
