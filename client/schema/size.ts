const SIZE = /^(\d+(?:\.\d+)?|\.\d+)\s*([a-z]*)$/i;

/** Units as Utho writes them, and their longer and shorter forms; in bytes, by powers of 1024. */
const BYTES = new Map(
  [
    ["b", "byte", "bytes"],
    ["k", "kb", "kib"],
    ["m", "mb", "mib"],
    ["g", "gb", "gib"],
    ["t", "tb", "tib"],
  ].flatMap((names, power) => names.map((name): [string, number] => [name, 1024 ** power])),
);
const MB = 1024 ** 2;
const GB = 1024 ** 3;

/** Reads a size whose number alone means GB: "50GB", "50 GB", "50", 50, "0.5 TB" (512). Undefined for anything else. */
export function parseSizeGb(value: unknown): number | undefined {
  return parseSize(value, GB);
}

/** Reads a size whose number alone means MB, as with a server's memory: "2048", 2048, "4 GB" (4096). */
export function parseSizeMb(value: unknown): number | undefined {
  return parseSize(value, MB);
}

function parseSize(value: unknown, unit: number): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = SIZE.exec(value.trim().replace(/,(?=\d{3}(?:\D|$))/g, ""));
  if (match === null) return undefined;
  const [, digits, name = ""] = match;
  const bytes = name === "" ? unit : BYTES.get(name.toLowerCase());
  return bytes === undefined ? undefined : (Number(digits) * bytes) / unit;
}
