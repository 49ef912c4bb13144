import type { Command } from "commander";
import type { UthoClient } from "../../client";
import { redact } from "../../client/redact";
import { readSettings, type Settings } from "../../provider/config";
import { ProviderFailure } from "../../provider/failure";
import type { Terminal } from "../screen/terminal";
import { PulumiCli } from "./pulumi-cli";

/** The options by which a command learns which account it is about. The token has no option, on purpose. */
export interface AccountFlags {
  /** The Pulumi stack whose configuration holds token and endpoint. */
  stack?: string;
  /** Folder of the stack's program. */
  cwd?: string;
}

/** Adds the options that {@link AccountFlags} holds. */
export function addAccountOptions(command: Command): Command {
  return command
    .option(
      "--stack <name>",
      "the Pulumi stack; its configuration gives token and endpoint (else UTHO_TOKEN and UTHO_ENDPOINT)",
    )
    .option("--cwd <folder>", "folder of the stack's program (default: this one)");
}

/** Where token and endpoint come from when a command has no stack. */
const NO_STACK = () => undefined;

/**
 * The settings that the provider itself would have: those of the stack if there is one, then the environment.
 *
 * Errors: `UTHO_STACK`, `UTHO_TOKEN_MISSING`, `UTHO_CONFIG_INVALID`.
 */
export async function readAccountSettings(flags: AccountFlags, terminal: Terminal): Promise<Settings> {
  const { stack } = flags;
  if (stack === undefined) return readSettings(NO_STACK, terminal.env);
  const config = await readStackConfig(stack, new PulumiCli(flags.cwd, terminal));
  return readSettings((key) => config.get(key)?.value, terminal.env);
}

/** A client of that account. Loads the HTTP client. */
export async function connect(settings: Settings): Promise<UthoClient> {
  const { UthoClient } = await import("../../client/index.js");
  const { token, endpoint, requestTimeout, maxRetries } = settings;
  return new UthoClient({ token, endpoint, requestTimeout, maxRetries });
}

/** Makes texts fit to be shown: without the token of these settings, however it is spelt. */
export function redactor(settings: Pick<Settings, "token"> | undefined): (text: string) => string {
  return (text) => (settings === undefined ? text : redact(text, settings.token));
}

/** One value of a stack's configuration, in clear. */
export interface ConfigValue {
  value: string;
  secret: boolean;
}

/** The configuration of a stack, secrets in clear: it must not be shown. Errors: `UTHO_STACK`. */
export async function readStackConfig(
  stack: string,
  pulumi: PulumiCli,
): Promise<ReadonlyMap<string, ConfigValue>> {
  const attempted = `read the configuration of stack ${stack}`;
  const text = await pulumi.must(attempted, ["config", `--stack=${stack}`, "--show-secrets", "--json"]);
  try {
    const values: unknown = JSON.parse(text);
    const entries = Object.entries(typeof values === "object" && values !== null ? values : {});
    return new Map(entries.flatMap(([key, value]) => configValue(key, value)));
  } catch {
    throw new ProviderFailure({
      code: "UTHO_STACK",
      attempted,
      because: "what `pulumi config --json` printed is not JSON.",
      kept: "nothing was touched.",
      next: "run `pulumi config --json` yourself and see what it says.",
    });
  }
}

function configValue(key: string, entry: unknown): [string, ConfigValue][] {
  if (typeof entry !== "object" || entry === null || !("value" in entry)) return [];
  if (typeof entry.value !== "string") return [];
  return [[key, { value: entry.value, secret: "secret" in entry && entry.secret === true }]];
}
