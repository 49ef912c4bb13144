import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hostOf } from "../../support/plugin-door";
import { Account, type AccountOptions } from "./account";

/** One plugin process with accounts of its own, for the tests of one file. */
export class Together {
  private readonly accounts: Account[] = [];

  private constructor(
    readonly host: Awaited<ReturnType<typeof hostOf>>,
    private readonly home: string,
  ) {}

  static async begin(): Promise<Together> {
    const home = mkdtempSync(join(tmpdir(), "pulumi-utho-faults-"));
    return new Together(await hostOf(home), home);
  }

  async account(options?: AccountOptions): Promise<Account> {
    const account = await Account.open(this.host, options);
    this.accounts.push(account);
    return account;
  }

  /** What the provider said to the user since the last call, beside its errors. */
  said(): string {
    const said = this.host.said.join("\n");
    this.host.forget();
    return said;
  }

  async end(): Promise<void> {
    await Promise.all(this.accounts.map((one) => one.close()));
    this.host.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}
