import { UsageError } from "../screen/terminal";
import { readTextFile } from "../stack/file";

/** The value of `--settings`: JSON itself, or a file with it. Its fields are not checked here. */
export function readSettingsFlag(value: string | undefined): unknown {
  if (value === undefined) return {};
  const isJson = value.trimStart().startsWith("{");
  return isJson ? parse("--settings", value) : readJsonFile("--settings", value);
}

/** The content of a `--seed` file. Its fields are not checked here. */
export function readSeedFlag(path: string | undefined): unknown {
  return path === undefined ? {} : readJsonFile("--seed", path);
}

function readJsonFile(option: string, path: string): unknown {
  return parse(option, readFile(option, path), path);
}

function readFile(option: string, path: string): string {
  try {
    return readTextFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${option}: cannot read ${path}: ${reason}`, { cause });
  }
}

function parse(option: string, text: string, path = "the value"): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw new UsageError(`${option}: ${path} is not JSON`, { cause });
  }
}
