import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const USES = resolve(__dirname, "../../docs/uses");

/** One page of docs/uses with its programs, in the order in which a reader meets them. */
export interface UsePage {
  page: string;
  programs: string[];
}

export function usePages(): UsePage[] {
  return readdirSync(USES)
    .filter((page) => page.endsWith(".md"))
    .sort()
    .map((page) => {
      const text = readFileSync(join(USES, page), "utf8");
      return { page, programs: [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code) };
    });
}
