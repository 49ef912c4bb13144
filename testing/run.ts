import * as pulumi from "@pulumi/pulumi";
import { inClear } from "./secrets";

/** A program: a function that declares resources, or one that loads a module which does. */
export type Program = () => unknown;

/** Where the program believes itself to be. */
export interface RunOptions {
  /** @default "project" */
  project?: string | undefined;
  /** @default "stack" */
  stack?: string | undefined;
  /** Whether this is a preview: nothing is made, and outputs are not known yet. @default false */
  preview?: boolean | undefined;
}

/** One run of a program under mocks. */
export class Run {
  private fail: (failure: Error) => void = () => {};
  private readonly failure = new Promise<never>((_never, reject) => {
    this.fail = reject;
  });

  constructor(
    private readonly mocks: pulumi.runtime.Mocks,
    private readonly options: RunOptions,
  ) {
    // There may be no listener yet.
    this.failure.catch(() => {});
  }

  /** What the program exports, once all that it declares is there. */
  async outputsOf(program: Program): Promise<Record<string, unknown>> {
    const { project = "project", stack = "stack", preview = false } = this.options;
    await pulumi.runtime.setMocks(this.mocks, project, stack, preview);
    return Promise.race([this.failure, this.finish(program)]);
  }

  /**
   * Ends the run with this failure. The resource itself stays unmade for ever: an error would come out of every one
   * of its outputs as an unhandled rejection of its own, and hide the one that matters.
   */
  failed(failure: Error): Promise<never> {
    this.fail(failure);
    return new Promise<never>(() => {});
  }

  private async finish(program: Program): Promise<Record<string, unknown>> {
    const exported = await exportsOf(await program());
    const sent: unknown = await pulumi.runtime.serializeProperty("outputs", exported);
    await pulumi.runtime.disconnect();
    const outputs = inClear(sent);
    return typeof outputs === "object" && outputs !== null ? { ...outputs } : {};
  }
}

/** As Pulumi does: a module's exports, or what its exported function returns. */
async function exportsOf(result: unknown): Promise<pulumi.Input<unknown>> {
  if (typeof result === "function") return result();
  if (typeof result !== "object" || result === null) return {};
  if ("default" in result && typeof result.default === "function") return result.default();
  return { ...result };
}
