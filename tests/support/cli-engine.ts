import { dynamicUrn } from "../../provider/utho/names";
import type { Simulator } from "../../simulator";
import type { Declared, Ended, LifeEngine, Recorded } from "./mini-engine";
import { familyOf, killAll } from "./processes";
import { type RunningCommand, Stack, type StateResource } from "./stack";

/** The whole real CLI behind the same face as the mini engine, for a smaller number of lives. */
export class CliEngine implements LifeEngine {
  readonly state = new Map<string, Recorded>();
  readonly owed: Recorded[] = [];
  readonly said: string[] = [];
  private running: RunningCommand | undefined;
  private killed = false;

  private constructor(private readonly stack: Stack) {}

  static async create(simulator: Simulator, config: Record<string, string>): Promise<CliEngine> {
    return new CliEngine(await Stack.create({ program: "", simulator, config, project: "model" }));
  }

  urnOf(name: string): string {
    return `urn:pulumi:dev::model::pulumi-nodejs:dynamic/utho:Snapshot::${name}`;
  }

  /** SIGKILL of the CLI and all that it started. */
  kill(): void {
    this.killed = true;
    killAll(familyOf(this.running?.child.pid ?? 0));
  }

  up(program: ReadonlyMap<string, Declared>): Promise<Ended> {
    this.stack.setProgram([...program].map(([name, one]) => declare(name, one)).join("\n"));
    return this.run(["up", "--yes", "--skip-preview"]);
  }

  refresh(): Promise<Ended> {
    return this.run(["refresh", "--yes", "--skip-preview"]);
  }

  close(): void {
    this.stack.dispose();
  }

  private async run(args: readonly string[]): Promise<Ended> {
    this.killed = false;
    this.running = this.stack.start(args);
    const { code, output } = await this.running.ended;
    this.said.push(...output.split("\n").map((line) => line.replace(/^\s*warning:\s*/, "")));
    if (this.killed) await this.stack.run(["cancel", "--yes"]);
    await this.readState();
    return { errors: code === 0 || this.killed ? [] : [output], killed: this.killed };
  }

  private async readState(): Promise<void> {
    this.state.clear();
    this.owed.length = 0;
    for (const resource of await this.stack.snapshots()) {
      if (resource.delete === true) this.owed.push(recorded(resource));
      else this.state.set(dynamicUrn(resource.urn), recorded(resource));
    }
  }
}

function recorded(resource: StateResource): Recorded {
  const { urn, id = "", inputs = {}, outputs = {}, retainOnDelete = false } = resource;
  return {
    urn: dynamicUrn(urn),
    id,
    inputs,
    outputs,
    retainOnDelete,
    broken: (resource.initErrors ?? []).length > 0,
  };
}

function declare(name: string, { cloudId, triggers, retainOnDelete, more, aliases = [] }: Declared): string {
  const args = JSON.stringify({ cloudId, triggers, ...more });
  const options = JSON.stringify({ retainOnDelete, aliases: aliases.map((old) => ({ name: old })) });
  return `new utho.Snapshot("${name}", ${args}, ${options});`;
}
