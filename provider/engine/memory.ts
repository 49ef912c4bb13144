import { isRecord } from "../../client/compact";
import { type RawInputs, textOf } from "./inputs";
import { Facts, isTrue, Journal } from "./journal";

/** Whose a cloud object is that this run has met. */
interface Holder {
  urn: string;
  /** Milliseconds since the epoch, by its generated name; `undefined`: it has none, or a person chose the object. */
  takenAt: number | undefined;
}

function holderIn(written: unknown): Holder | undefined {
  if (!isRecord(written) || typeof written.urn !== "string") return undefined;
  return { urn: written.urn, takenAt: typeof written.takenAt === "number" ? written.takenAt : undefined };
}

function inputsIn(written: unknown): RawInputs | undefined {
  return isRecord(written) ? written : undefined;
}

/** The inputs that are remembered: neither triggers, which may be secret, nor a password lie in the journal. */
const REMEMBERED = [
  "cloudId",
  "name",
  "adoptId",
  "snapshot",
  "onReplace",
  "mark",
  "resourceUrn",
  "hostname",
  "finalSnapshot",
  "ownPrefix",
  "namePrefix",
];

/**
 * What the calls of one operation must know of each other. The engine asks about a resource piece by piece: `create`
 * does not learn whether the state holds the resource already, and `delete` does not learn what the program says by now.
 */
export class EngineMemory {
  /** What the program says of each resource, and what state held of it, by URN. */
  private readonly program: Facts<RawInputs>;
  private readonly former: Facts<RawInputs>;
  /** Ids of cloud objects that a state holds, or that this run has made: no interrupted run left them. */
  private readonly seen: Facts<true>;
  private readonly replaced: Facts<true>;
  private readonly retaken: Facts<string>;
  private readonly takenOver: Facts<Holder>;
  private readonly living: Facts<Holder>;

  constructor(readonly journal: Journal = new Journal()) {
    this.program = new Facts(journal, "program", inputsIn);
    this.former = new Facts(journal, "former", inputsIn);
    this.seen = new Facts(journal, "seen", isTrue);
    this.replaced = new Facts(journal, "replaced", isTrue);
    this.retaken = new Facts(journal, "retaken", textOf);
    this.takenOver = new Facts(journal, "takenOver", holderIn);
    this.living = new Facts(journal, "living", holderIn);
  }

  /** Takes note of a `check`. Its olds are what state holds of the resource, and empty for one that is to be created. */
  checked(olds: RawInputs, news: RawInputs): void {
    const urn = textOf(news.resourceUrn);
    if (urn === undefined) return;
    const program = remembered(news);
    this.program.set(urn, program);
    if (!isHeld(olds)) return;
    const former = remembered(olds);
    // State still knows a renamed resource by its earlier URN.
    const earlier = textOf(olds.resourceUrn) ?? urn;
    if (earlier !== urn) this.program.set(earlier, program);
    for (const one of new Set([urn, earlier])) this.former.set(one, former);
  }

  /** Inputs of the program that runs; `undefined`: none runs, or it does not declare the resource. */
  programOf(urn: string | undefined): RawInputs | undefined {
    return urn === undefined ? undefined : this.program.get(urn);
  }

  /** The same of the first resource that is so. */
  programWhere(isSo: (urn: string, inputs: RawInputs) => boolean): RawInputs | undefined {
    return this.program.entries().find(([urn, inputs]) => isSo(urn, inputs))?.[1];
  }

  /** Inputs of the resource in state; `undefined`: not in state, or this run cannot know. */
  formerOf(urn: string | undefined): RawInputs | undefined {
    return urn === undefined ? undefined : this.former.get(urn);
  }

  see(id: string): void {
    if (!this.seen.has(id)) this.seen.set(id, true);
  }

  hasSeen(id: string): boolean {
    return this.seen.has(id);
  }

  takeOver(id: string, holder: Holder): void {
    this.takenOver.set(id, holder);
    this.see(id);
  }

  hasTakenOver(id: string): boolean {
    return this.takenOver.has(id);
  }

  /**
   * Takes note of a `diff`: this one is to be replaced, or lives on under its resource. Without a program the engine only
   * refreshes: then nothing is replaced, and what lives on is not for `diff` to say. Gives whether there is a program.
   */
  compared(id: string, isReplaced: boolean, urn: string | undefined, takenAt?: number): boolean {
    this.see(id);
    if (urn === undefined || this.programOf(urn) === undefined) return false;
    if (isReplaced) {
      this.living.delete(id);
      this.replaced.set(id, true);
    } else this.living.set(id, { urn, takenAt });
    return true;
  }

  isReplaced(id: string): boolean {
    return this.replaced.has(id);
  }

  /** `adoptId` counts once: what replaces an adopted object is a new one. Of a snapshot its server is needed too. */
  hasAdopted(urn: string | undefined, adoptId: string, cloudId?: string): boolean {
    const former = this.formerOf(urn);
    const isSame = former?.adoptId === adoptId && (cloudId === undefined || former.cloudId === cloudId);
    return isSame || this.isReplaced(cloudId === undefined ? adoptId : `${cloudId}/${adoptId}`);
  }

  /** Takes note that a new snapshot is taken in place of a good one; its key is the URN, and its id once it is there. */
  retake(key: string | undefined, former: string): void {
    if (key !== undefined) this.retaken.set(key, former);
  }

  /** In whose place this run takes the snapshot of this URN or id. */
  formerSnapshotOf(key: string | undefined): string | undefined {
    return key === undefined ? undefined : this.retaken.get(key);
  }

  /** Whose the object is by now: this run has taken it over, or it lives on. */
  holderOf(id: string): string | undefined {
    return (this.takenOver.get(id) ?? this.living.get(id))?.urn;
  }

  /** The same, or the resource of the program whose `adoptId` names the object, adopted by now or not. */
  ownerOf(id: string): string | undefined {
    const adopts = ({ cloudId, adoptId }: RawInputs): boolean =>
      (cloudId === undefined ? `${adoptId}` : `${cloudId}/${adoptId}`) === id;
    const adopter = (): RawInputs | undefined =>
      this.program.entries().find(([, inputs]) => adopts(inputs))?.[1];
    return this.holderOf(id) ?? textOf(adopter()?.resourceUrn);
  }

  /** The same of a snapshot, or the restore or clone that this run is still to make of it. */
  userOf(id: string): string | undefined {
    return this.ownerOf(id) ?? this.madeNow(([, { snapshot }]) => snapshot === id);
  }

  /** Whether this run is still to restore, or has restored, what lives on under this URN. */
  isRestored(urn: string | undefined): boolean {
    const lives = (id = ""): boolean => this.living.get(id)?.urn === urn;
    const restores = ([one, { snapshot }]: [string, RawInputs]): boolean =>
      one.includes("SnapshotRestore::") && lives(textOf(snapshot));
    return this.madeNow(restores) !== undefined;
  }

  /** The first restore or clone of the program that is so, and that state does not hold as made of this snapshot. */
  private madeNow(isSo: (entry: [string, RawInputs]) => boolean): string | undefined {
    const isNew = ([urn, { snapshot }]: [string, RawInputs]): boolean =>
      this.formerOf(urn)?.snapshot !== snapshot;
    return this.program.entries().find((entry) => isSo(entry) && isNew(entry))?.[0];
  }

  /** The object of this resource that this run takes for the new one although it is older than `takenAt`. */
  olderOf(urn: string | undefined, takenAt: number | undefined): string | undefined {
    if (takenAt === undefined) return undefined;
    const present = [...this.takenOver.entries(), ...this.living.entries()];
    return present.find(
      ([, one]) => one.urn === urn && one.takenAt !== undefined && one.takenAt < takenAt,
    )?.[0];
  }
}

function remembered(inputs: RawInputs): RawInputs {
  return Object.fromEntries(REMEMBERED.flatMap((key) => (key in inputs ? [[key, inputs[key]]] : [])));
}

/** Whether olds are those of a resource in state; the engine gives none, or no more than the forwarder, for a new one. */
export function isHeld(olds: RawInputs): boolean {
  return Object.keys(olds).some((key) => key !== "__provider");
}
