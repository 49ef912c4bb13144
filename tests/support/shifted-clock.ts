import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Simulator } from "../../simulator";

/** A clock that the tests set: of the processes that get its `env`, and of a simulator with its `clock`. */
export class ShiftedClock {
  private readonly folder = mkdtempSync(join(tmpdir(), "clock-"));
  private readonly file = join(this.folder, "shift");
  private shift: number;
  readonly env: Record<string, string>;
  /** The simulator's own clock at the start; later it is moved by `advance`. */
  readonly clock: { now(): number };

  /** @param start ISO 8601 */
  constructor(start: string) {
    this.shift = Date.parse(start) - Date.now();
    const first = this.shift;
    this.clock = { now: () => Date.now() + first };
    this.env = {
      NODE_OPTIONS: `--require ${join(__dirname, "shifted-clock.cjs")}`,
      SHIFTED_CLOCK_FILE: this.file,
    };
    this.write();
  }

  now(): number {
    return Date.now() + this.shift;
  }

  /** Time goes by, here and in the simulated cloud. */
  advance(simulator: Simulator, ms: number): void {
    this.shift += ms;
    simulator.advance(ms);
    this.write();
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** In one step, since the other processes read it whenever they like. */
  private write(): void {
    const next = `${this.file}.next`;
    writeFileSync(next, String(this.shift));
    renameSync(next, this.file);
  }
}
