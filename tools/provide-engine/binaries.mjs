import { accessSync, constants, realpathSync, statSync } from "node:fs";
import path from "node:path";

const windows = process.platform === "win32";

/** What an engine for Node.js programs with dynamic resources consists of. */
export const BINARIES = {
  pulumi: windows ? "pulumi.exe" : "pulumi",
  host: windows ? "pulumi-language-nodejs.exe" : "pulumi-language-nodejs",
  launcher: windows ? "pulumi-resource-pulumi-nodejs.cmd" : "pulumi-resource-pulumi-nodejs",
};

/** Where the three are in one folder; undefined for one that is missing. */
export function locateIn(folder) {
  const find = (name) => existing(path.join(folder, name));
  return { pulumi: find(BINARIES.pulumi), host: find(BINARIES.host), launcher: find(BINARIES.launcher) };
}

/**
 * Where the engine itself would find them: the CLI on PATH, the others on PATH or else beside the CLI's real
 * file, since package managers put links on PATH.
 */
export function locateOnPath(env) {
  const pulumi = findOnPath(BINARIES.pulumi, env);
  if (pulumi === undefined) {
    return {};
  }
  const beside = path.dirname(realpathSync(pulumi));
  const find = (name) => findOnPath(name, env) ?? existing(path.join(beside, name));
  return { pulumi, host: find(BINARIES.host), launcher: find(BINARIES.launcher) };
}

/** The first executable of that name on PATH. */
export function findOnPath(name, env) {
  const key = Object.keys(env).find((each) => (windows ? each.toUpperCase() : each) === "PATH");
  const folders = (key === undefined ? "" : (env[key] ?? "")).split(path.delimiter);
  for (const folder of folders) {
    const found = folder === "" ? undefined : existing(path.join(folder, name));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function existing(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}
