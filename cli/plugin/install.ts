import { ProviderFailure } from "../../provider/failure";
import { packagePath, packageVersion } from "../package-version";
import type { Terminal } from "../screen/terminal";
import { PulumiCli } from "../stack/pulumi-cli";

/** The plugin is one file; Windows needs another beside it that starts it, and so the folder. */
const PLUGIN = process.platform === "win32" ? "plugin" : "plugin/pulumi-resource-utho";

/** Installs the plugin of this package by the Pulumi CLI. @throws ProviderFailure `UTHO_PLUGIN_INSTALL` */
export async function installPlugin(terminal: Terminal): Promise<void> {
  const version = packageVersion();
  const from = packagePath(PLUGIN);
  const args = ["plugin", "install", "resource", "utho", version, "--file", from, "--reinstall"];
  const { code, stderr } = await new PulumiCli(undefined, terminal).run(args);
  if (code !== 0) {
    throw new ProviderFailure({
      code: "UTHO_PLUGIN_INSTALL",
      attempted: `install the plugin utho ${version} from ${from}`,
      because: `\`pulumi plugin install\` ended with ${code ?? "a signal"}: ${stderr.trim()}`,
      kept: "a plugin that was installed before is unchanged.",
      next: "correct what Pulumi names; the folder of plugins is ~/.pulumi/plugins, or below PULUMI_HOME.",
    });
  }
  terminal.out(
    `The plugin utho ${version} is installed. Programs in every language find it on this machine.`,
  );
}
