import { asCloneState } from "../../../../provider/clone/contract";
import { CloneLifecycle } from "../../../../provider/clone/lifecycle";
import { type SimulatorSettings, startSimulator } from "../../../../simulator";
import type { Outcome } from "../../../support/faults/trial";
import { OneResource } from "./one-resource";
import { OneSubject } from "./one-subject";

/** What the account of a clone is made of. */
export interface ClonedOptions {
  settings?: Partial<SimulatorSettings>;
}

const KIND = {
  urn: "urn:pulumi:dev::tests::pulumi-nodejs:dynamic/utho:ServerClone::copy",
  lifecycle: (runtime: ConstructorParameters<typeof CloneLifecycle>[0]) => new CloneLifecycle(runtime),
};

/** A program that deploys one server, "copy", from a snapshot of server 1001. */
export class Cloned extends OneSubject {
  static async open(options: ClonedOptions = {}): Promise<Cloned> {
    const quick = { deployDurationMs: 10, powerDurationMs: 10, destroyDurationMs: 10 };
    const simulator = await startSimulator({ settings: { ...quick, ...options.settings } });
    const { id } = simulator.cloud.addSnapshot({ cloudId: "1001", name: "golden", contents: "gold" });
    const one = new OneResource(simulator, KIND);
    one.program = { snapshot: `1001/${id}`, hostname: "copy", planId: "10045" };
    return new Cloned(one);
  }

  get cloudId(): string {
    return asCloneState(this.one.state?.outs ?? {}).cloudId;
  }

  /** Where the error says that the server can only be claimed by the user, the user does what it says. */
  override async up(): Promise<Outcome> {
    const ended = await super.up();
    const named = ended.errors.map((text) => /set adoptId: "(\d+)"/.exec(text)?.[1]);
    const adoptId = named.find((id) => id !== undefined);
    if (adoptId === undefined) return ended;
    this.one.program = { ...this.one.program, adoptId };
    return this.one.up();
  }

  /** A clone that is believed gone is deployed again, and a server costs money every hour. */
  async refresh(): Promise<Outcome> {
    const ended = await this.one.refresh();
    if (this.one.state === undefined) throw new Error("The refresh gave a server up that exists.");
    return ended;
  }

  losses(): string[] {
    const problems: string[] = [];
    const copies = this.copies();
    if (copies.length > 1) problems.push(`${copies.length} servers`);
    const { program, state } = this.one;
    const lost = state !== undefined && !copies.includes(state.id);
    if (program !== undefined && lost) problems.push(`state believes in server ${state.id}`);
    if (this.simulator.cloud.servers().length - copies.length !== 2)
      problems.push("another owner's server is gone");
    return problems;
  }

  disagreements(): string[] {
    const { program, state } = this.one;
    const problems = this.losses();
    const wanted = program === undefined ? [] : [state?.id];
    if (String(this.copies()) !== String(wanted))
      problems.push(`servers are ${this.copies()}, state knows ${state?.id}`);
    if (program === undefined && state !== undefined) problems.push("state knows more than is declared");
    const { recorded } = asCloneState(state?.outs ?? {});
    if (state !== undefined && (state.broken || recorded === undefined))
      problems.push("state says that it was never ready");
    return problems;
  }

  private copies(): string[] {
    const servers = this.simulator.cloud.servers();
    return servers.flatMap(({ cloudId, hostname }) => (hostname === "copy" ? [cloudId] : []));
  }
}
