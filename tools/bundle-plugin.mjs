// The provider plugin as one file that needs nothing beside Node.js: the engine starts it from any folder, also from one
// that `pulumi plugin install --file` has copied it to.
import { chmodSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const below = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const file = below("plugin/pulumi-resource-utho");

const bundle = await rolldown({
  input: below("plugin/main.ts"),
  cwd: below("."),
  platform: "node",
  logLevel: "warn",
  // protobuf's generated code looks for its global object by eval.
  checks: { eval: false },
});
await bundle.write({
  file,
  format: "cjs",
  banner: "#!/usr/bin/env node",
  codeSplitting: false,
  comments: { legal: true },
  minify: true,
});
await bundle.close();
chmodSync(file, 0o755);
// The engine keeps the schema that it has read beside the plugin's folder, and does not see that another build has another.
rmSync(below("schema-utho.json"), { force: true });
