import { labelOf, parseGeneratedName } from "../../../provider/utho/names";
import type { Simulator } from "../../../simulator";
import type { LifeEngine, Recorded } from "../../support/mini-engine";
import type { Program } from "./program";

/** Of whom a snapshot is that a run made and that was not in state when the run had ended. */
interface Adrift {
  urn: string;
  cloudId: string;
  mark: string;
}

/**
 * The snapshots that may be in the cloud and in no state, each for its own reason and by its own id: other owners',
 * those that the program asked to retain, and those of a creation that was cut short. The last must be found again by
 * the next run, unless the program by then wants no snapshot of that server under that URN, or one with other triggers. Then no
 * creation looks for it. `pulumi-utho report` lists those.
 */
export class Leftovers {
  private readonly foreign = new Set<string>();
  private readonly retained = new Set<string>();
  private readonly adrift = new Map<string, Adrift>();
  private readonly excused = new Set<string>();
  private readonly gone = new Set<string>();
  /** Every id that was ever in state. */
  private readonly owned = new Set<string>();
  private readonly urns = new Set<string>();

  constructor(
    private readonly simulator: Simulator,
    private readonly engine: LifeEngine,
    private readonly program: Program,
  ) {}

  /** How many were left where no run looks any more. */
  get excuses(): number {
    return this.excused.size;
  }

  madeByHand(id: string): void {
    this.foreign.add(id);
  }

  deletedByHand(id: string): void {
    this.gone.add(id);
  }

  /** Under another name nothing recognises what no state knows. */
  renamedByHand(id: string): void {
    if (this.adrift.delete(id)) this.excused.add(id);
  }

  wasDeletedByHand(id: string): boolean {
    return this.gone.has(id);
  }

  /** Before a run: what it will not look for. */
  begin(): void {
    this.noteNew();
    for (const name of this.program.declared.keys()) this.urns.add(this.engine.urnOf(name));
    for (const [id, { urn, cloudId, mark }] of this.adrift) {
      if (this.program.wants(urn, cloudId) && this.program.markOf(urn) === mark) continue;
      this.adrift.delete(id);
      this.excused.add(id);
    }
  }

  /** After a run: what left state on purpose, what a creation that was cut short has left, and whether that is all. */
  end(before: readonly Recorded[], good: boolean): void {
    const known = idsOf(this.engine);
    for (const old of before) {
      const id = idOf(old);
      if (!known.has(id) && this.exists(id) && this.mayRetain(old)) this.retained.add(id);
    }
    this.noteNew();
    if (good) this.judge();
  }

  /** Whatever exists and is in no state must have its reason, and nothing is gone that should have stayed. */
  judge(): void {
    this.noteNew();
    const known = idsOf(this.engine);
    for (const { id, name } of this.simulator.cloud.snapshots()) {
      const may = [known, this.foreign, this.retained, this.excused].some((reason) => reason.has(id));
      if (!may) throw new Error(`Snapshot ${id} (${name}) exists, and no state knows it.`);
    }
    const never = [...this.foreign].filter((id) => !this.owned.has(id));
    for (const id of [...never, ...this.retained]) {
      if (!this.exists(id) && !this.gone.has(id)) throw new Error(`Snapshot ${id} was not ours to delete.`);
    }
  }

  /** Snapshots of ours that no state knows are adrift, whichever run made them. */
  private noteNew(): void {
    const known = idsOf(this.engine);
    for (const id of known) {
      this.owned.add(id);
      for (const reason of [this.adrift, this.retained, this.excused]) reason.delete(id);
    }
    for (const { id, name, cloudId } of this.simulator.cloud.snapshots()) {
      const explained = [known, this.owned, this.foreign, this.excused].some((reason) => reason.has(id));
      if (explained || this.adrift.has(id)) continue;
      const { label, mark = "" } = parseGeneratedName(name) ?? {};
      const urn = [...this.urns].find((one) => labelOf(one) === label);
      if (urn !== undefined) this.adrift.set(id, { urn, cloudId, mark });
    }
  }

  /** The flag of the state, or the one that the program gave it in this very run. */
  private mayRetain({ urn, retainOnDelete }: Recorded): boolean {
    if (retainOnDelete) return true;
    return [...this.program.declared].some(([name, one]) => {
      const names = [name, ...(one.aliases ?? [])];
      return one.retainOnDelete && names.some((each) => this.engine.urnOf(each) === urn);
    });
  }

  private exists(id: string): boolean {
    return this.simulator.cloud.snapshots().some((one) => one.id === id);
  }
}

export function idOf({ id }: Recorded): string {
  return id.split("/")[1] ?? "";
}

/** Ids of all snapshots in state, those that are owed a deletion among them. */
export function idsOf(engine: LifeEngine): Set<string> {
  return new Set([...engine.state.values(), ...engine.owed].map(idOf));
}
