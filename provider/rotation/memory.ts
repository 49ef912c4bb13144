import type { RotationInputs } from "./contract";
import { prefixOf } from "./settings";

/** What one operation's calls must know of each other; the engine runs one plugin process for each operation. */
export class RotationMemory {
  /** URNs whose program inputs were checked in this process. */
  private readonly declared = new Set<string>();
  /** URNs by the mark and by the prefix that they claim. */
  private readonly claims = new Map<string, string>();

  declare(urn: string): void {
    this.declared.add(urn);
  }

  /** A `diff` without a declaration is a refresh's, and a `delete` with one a replacement's. */
  isDeclared(urn: string | undefined): boolean {
    return urn !== undefined && this.declared.has(urn);
  }

  /** Takes a rotation's names for it; tells who has them already. */
  claim(inputs: RotationInputs): { what: "mark" | "prefix"; owner: string } | undefined {
    const urn = inputs.resourceUrn ?? "";
    const wanted = { mark: inputs.mark, prefix: prefixOf(inputs) };
    for (const what of ["mark", "prefix"] as const) {
      const owner = this.claims.get(`${what} ${wanted[what]}`);
      if (owner !== undefined && owner !== urn) return { what, owner };
    }
    this.claims.set(`mark ${wanted.mark}`, urn);
    this.claims.set(`prefix ${wanted.prefix}`, urn);
    return undefined;
  }
}
