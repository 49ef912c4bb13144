import { type RawInputs, textOf } from "./inputs";

/** Whose a cloud object is that this process has met. */
interface Holder {
  urn: string;
  /** Milliseconds since the epoch, by its generated name; `undefined`: it has none, or a person chose the object. */
  takenAt: number | undefined;
}

/**
 * What the calls of one operation must know of each other. The engine runs one plugin process for each operation, and
 * asks about a resource piece by piece: `create` does not learn whether the state holds the resource already, and `delete`
 * does not learn what the program says by now.
 */
export class EngineMemory {
  /** What the program says of each resource, and what state held of it, by URN. */
  private readonly program = new Map<string, RawInputs>();
  private readonly former = new Map<string, RawInputs>();
  /** Ids of cloud objects that a state holds, or that this process has made: no interrupted run left them. */
  private readonly seen = new Set<string>();
  private readonly replaced = new Set<string>();
  private readonly takenOver = new Map<string, Holder>();
  private readonly living = new Map<string, Holder>();

  /** Takes note of a `check`. Its olds are what state holds of the resource, and empty for one that is to be created. */
  checked(olds: RawInputs, news: RawInputs): void {
    const urn = textOf(news, "resourceUrn");
    if (urn === undefined) return;
    this.program.set(urn, news);
    if (!isHeld(olds)) return;
    // State still knows a renamed resource by its earlier URN.
    for (const one of [urn, textOf(olds, "resourceUrn") ?? urn]) {
      this.program.set(one, news);
      this.former.set(one, olds);
    }
  }

  /** Inputs of the program that runs; `undefined`: none runs, or it does not declare the resource. */
  programOf(urn: string | undefined): RawInputs | undefined {
    return urn === undefined ? undefined : this.program.get(urn);
  }

  /** Inputs of the resource in state; `undefined`: not in state, or this process cannot know. */
  formerOf(urn: string | undefined): RawInputs | undefined {
    return urn === undefined ? undefined : this.former.get(urn);
  }

  see(id: string): void {
    this.seen.add(id);
  }

  hasSeen(id: string): boolean {
    return this.seen.has(id);
  }

  /** `create` has taken this one over. */
  takeOver(id: string, holder: Holder): void {
    this.takenOver.set(id, holder);
    this.seen.add(id);
  }

  hasTakenOver(id: string): boolean {
    return this.takenOver.has(id);
  }

  /** `diff` has seen that this one lives on under its resource. */
  keep(id: string, holder: Holder): void {
    this.living.set(id, holder);
    this.seen.add(id);
  }

  /** `diff` has seen that this one is to be replaced. */
  replace(id: string): void {
    this.living.delete(id);
    this.replaced.add(id);
    this.seen.add(id);
  }

  isReplaced(id: string): boolean {
    return this.replaced.has(id);
  }

  /** Whose the object is by now: this run has taken it over, or it lives on. */
  holderOf(id: string): string | undefined {
    return (this.takenOver.get(id) ?? this.living.get(id))?.urn;
  }

  /** The object of this resource that this run takes for the new one although it is older than `takenAt`. */
  olderOf(urn: string | undefined, takenAt: number | undefined): string | undefined {
    if (takenAt === undefined) return undefined;
    const present = [...this.takenOver, ...this.living];
    return present.find(
      ([, one]) => one.urn === urn && one.takenAt !== undefined && one.takenAt < takenAt,
    )?.[0];
  }
}

/** Whether olds are those of a resource in state; the engine gives none, or no more than the forwarder, for a new one. */
export function isHeld(olds: RawInputs): boolean {
  return Object.keys(olds).some((key) => key !== "__provider");
}
