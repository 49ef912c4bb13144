import { ProviderFailure } from "../../provider/failure";
import { needsSecrets } from "./providers";
import type { PulumiCli } from "./pulumi-cli";
import { parseState, type StackState } from "./state";

/** One stack, read and written through the Pulumi CLI. */
export class StackAccess {
  constructor(
    private readonly pulumi: PulumiCli,
    readonly name: string,
  ) {}

  /** The state, with its secrets encrypted. Errors: `UTHO_STACK`. */
  export(): Promise<StackState> {
    return this.exportWith([]);
  }

  /** The same, with the configuration of the program's own providers in clear, and nothing else. Errors: `UTHO_STACK`. */
  async exportToAsk(): Promise<StackState> {
    const state = await this.export();
    if (!needsSecrets(state)) return state;
    const { providers } = await this.exportWith(["--show-secrets"]);
    return { ...state, providers };
  }

  private async exportWith(more: readonly string[]): Promise<StackState> {
    const origin = `stack ${this.name}`;
    const args = ["stack", "export", `--stack=${this.name}`, ...more];
    return parseState(await this.pulumi.must(`read the state of ${origin}`, args), origin, this.name);
  }

  /** Puts another state in its place. Errors: `UTHO_STACK`. */
  async import(text: string): Promise<void> {
    const args = ["stack", "import", `--stack=${this.name}`];
    await this.pulumi.must(`write the state of stack ${this.name}`, args, text);
  }

  /** `pulumi import` of what a file names, without a program. Errors: `UTHO_STACK`. */
  async importResources(file: string, protect: boolean): Promise<void> {
    const how = ["--yes", "--skip-preview", "--generate-code=false", `--protect=${protect}`];
    const args = ["import", `--stack=${this.name}`, `--file=${file}`, ...how];
    await this.pulumi.must(`import resources into stack ${this.name}`, args);
  }

  /** `<organisation>/<project>/<stack>`, of which a URN holds the last two. Errors: `UTHO_STACK`. */
  async identity(): Promise<{ qualified: string; project: string; stack: string }> {
    const args = ["stack", `--stack=${this.name}`, "--show-name", "--fully-qualify-stack-names"];
    const attempted = `find out the project of stack ${this.name}`;
    const qualified = (await this.pulumi.must(attempted, args)).trim();
    const [stack, project] = qualified.split("/").reverse();
    if (stack !== undefined && project !== undefined) return { qualified, project, stack };
    throw new ProviderFailure({
      code: "UTHO_STACK",
      attempted,
      because: "Pulumi names no project with it: an old local backend keeps stacks apart from projects.",
      kept: "nothing was touched.",
      next: "run `pulumi state upgrade`, then this command again.",
    });
  }
}
