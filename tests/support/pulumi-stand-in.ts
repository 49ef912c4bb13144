import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * Puts a program called `pulumi` into a folder, which answers what the command reads a stack by: its export (the text
 * of a file), an empty configuration, its name. It stands in for a CLI of some 100 MB where only its words matter.
 * With `--show-secrets` it prints the file that ends in `.opened`.
 * @returns the PATH that finds it
 */
export function pulumiStandIn(folder: string, exported: string): string {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const file = join(bin, "pulumi");
  writeFileSync(
    file,
    `#!${process.execPath}
const { readFileSync } = require("node:fs");
const line = process.argv.slice(2).join(" ");
const opened = ${JSON.stringify(`${exported}.opened`)};
const said = line.includes("export") && line.includes("--show-secrets") ? readFileSync(opened, "utf8")
  : line.startsWith("stack export") ? readFileSync(${JSON.stringify(exported)}, "utf8")
  : line.startsWith("config") ? "{}"
  : line.startsWith("stack --") ? "organization/shop/dev"
  : line.startsWith("version") ? "v3.248.0" : undefined;
if (said === undefined) process.exitCode = 1;
else process.stdout.write(said);
`,
  );
  chmodSync(file, 0o755);
  return `${bin}${delimiter}${process.env.PATH ?? ""}`;
}
