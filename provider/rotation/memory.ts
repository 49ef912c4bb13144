import type { RotationInputs } from "./contract";
import { prefixOf } from "./settings";

/** What one operation's calls must know of each other; the engine runs one plugin process for each operation. */
export class RotationMemory {
  /** Program inputs that were checked in this process, by URN. */
  private readonly declared = new Map<string, RotationInputs>();
  /** URNs by the mark and by the prefix that they claim. */
  private readonly claims = new Map<string, string>();

  declare(inputs: RotationInputs): void {
    if (inputs.resourceUrn !== undefined) this.declared.set(inputs.resourceUrn, inputs);
  }

  /** What the program says. A `diff` without it is a refresh's. */
  declaration(urn: string | undefined): RotationInputs | undefined {
    return urn === undefined ? undefined : this.declared.get(urn);
  }

  /**
   * The rotation as which a deleted one lives on: the delete is that of a replacement. A state holds the former URN of
   * one that `stack rename` or `state move` has moved since it was last written; stack and project alone differ then.
   */
  successor(urn: string | undefined): RotationInputs | undefined {
    if (urn === undefined) return undefined;
    const wherever = withoutStack(urn);
    return this.declared.get(urn) ?? [...this.declared].find(([one]) => withoutStack(one) === wherever)?.[1];
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

/** Type and name of a URN: `urn:pulumi:<stack>::<project>::<type>::<name>`. */
function withoutStack(urn: string): string {
  return urn.split("::").slice(2).join("::");
}
