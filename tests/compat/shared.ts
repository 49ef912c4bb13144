/** What the set-up of the suite has made, for all its files. */
export interface Shared {
  /** The packed package. */
  tarball: string;
  /** pnpm's script, for a `node` to run. */
  pnpm: string;
  /** The script of yarn classic. */
  yarn: string;
  /** Folders with a `node`, by major version. */
  nodes: Record<number, string>;
}

export const SHARED_VARIABLE = "PULUMI_UTHO_COMPAT_SHARED";

/** Whether the set-up has made what the tests need; without a registry it has not. */
export function isReady(): boolean {
  return process.env[SHARED_VARIABLE] !== undefined;
}

export function shared(): Shared {
  const made: Shared = JSON.parse(process.env[SHARED_VARIABLE] ?? "null");
  return made;
}
