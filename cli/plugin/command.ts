import type { Command } from "commander";
import type { Terminal } from "../screen/terminal";

/** Adds `pulumi-utho plugin`. What it runs is loaded when it runs. */
export function pluginCommand(program: Command, terminal: Terminal): void {
  program
    .command("plugin")
    .summary("the provider plugin, for programs in other languages")
    .description("The provider plugin `utho`, which programs in YAML, Python, Go and other languages use.")
    .command("install")
    .summary("put the plugin of this package where Pulumi looks for plugins")
    .description(
      "Puts the plugin that this package carries into Pulumi's folder of plugins, without a network, in place of " +
        "one of the same version. Nothing else on this machine is changed.",
    )
    .action(async () => {
      const { installPlugin } = await import("./install.js");
      await installPlugin(terminal);
    });
}
